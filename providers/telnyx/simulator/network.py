"""Telnyx's side of the simulated carrier.

The token of a line or of the account is its API key, and makes the keys that sign webhooks:
`GET /v2/public_key` returns the one to verify them with.
"""

from collections.abc import Mapping
from uuid import uuid4

from fastapi import FastAPI

from providers.telnyx.simulator import router
from providers.telnyx.simulator.errors import TelnyxError, error_answer
from providers.telnyx.simulator.keys import signed_headers
from providers.telnyx.simulator.keywords import ANSWERS, kind_of
from providers.telnyx.simulator.resources import event
from simulator.lines import Line, LineKind
from simulator.messages import Message
from simulator.network import Handling, Network
from simulator.settings import SimulatorSettings


class TelnyxNetwork:
    """One simulated account."""

    def install(self, app: FastAPI) -> None:
        app.add_exception_handler(TelnyxError, error_answer)
        app.router.routes += router.router.routes

    def new_id(self, *, has_media: bool) -> str:  # noqa: ARG002  pictures have the same ids
        return str(uuid4())

    def text(self, message: Message, line: Line) -> bytes:
        return event(message, line.webhook_url)

    def report(self, message: Message) -> bytes:
        return event(message, message.status_callback or "")

    def headers(self, url: str, body: bytes, token: str) -> Mapping[str, str]:  # noqa: ARG002
        """Sign the body, and not the address."""
        return signed_headers(body, token)

    def handling(
        self,
        kind: LineKind,  # noqa: ARG002  Telnyx handles the words on every kind of line
        text: str,
        *,
        is_blocked: bool,  # noqa: ARG002  and however often they come
    ) -> Handling | None:
        found = kind_of(text)
        return ANSWERS[found] if found else None


def create(_settings: SimulatorSettings) -> Network:
    """Return the network; its keys come from the carrier's tokens."""
    return TelnyxNetwork()
