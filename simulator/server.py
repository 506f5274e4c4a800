"""The web server of the simulator."""

from types import FrameType

import uvicorn
from fastapi import FastAPI

from simulator.broken import Resettable
from simulator.carrier import Carrier

GRACE_SECONDS = 5
IDLE_SECONDS = 75
"""How long a connection is kept for the next request. Ours: longer than clients keep theirs, which
otherwise send into one that is being closed.
"""


class SimulatorServer(uvicorn.Server):
    """Ends the phones' open streams at once when told to stop."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        # No access log, because the paths contain phone numbers.
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                access_log=False,
                log_config=None,
                http=Resettable,
                timeout_keep_alive=IDLE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._carrier: Carrier = app.state.carrier

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._carrier.phones.stop()
        super().handle_exit(sig, frame)
