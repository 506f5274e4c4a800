"""The parts of a complete Switchboard on one machine, with their settings."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType

from embedded.data_folder import DataFolder
from embedded.errors import EmbeddedError
from embedded.keys import kept_encryption_keys
from embedded.ports import LOOPBACK, accepts_connections, free_port, require_free, says_ill
from embedded.postgres import Cluster
from embedded.processes import Program
from embedded.supervisor import Part
from embedded.temporal import TemporalServer

CHECKOUT = Path(__file__).parent.parent
# The worker listens on no port, so its log shows when it is ready: by this event.
WORKER_READY = "worker_started"
# Longer than the worker's own time-out for unfinished sends.
STOP_SECONDS = 30.0
# A stored text can wait, but an incoming webhook cannot. If cores are scarce, the worker and the
# simulator yield to the API. Texts that gather meanwhile are handled in one step.
NICENESS = 5


@dataclass(frozen=True)
class Ports:
    """The ports of the parts, on the loopback address only."""

    api: int = 8000
    simulator: int = 8010
    temporal: int = 7233
    temporal_ui: int = 8233

    def require_free(self) -> None:
        """Raise `EmbeddedError` for a port that is in use, or given to two parts."""
        given: dict[int, str] = {}
        for field in fields(self):
            option = f"--{field.name.replace('_', '-')}-port"
            port = getattr(self, field.name)
            if port in given:
                raise EmbeddedError(f"{given[port]} and {option} are both {port}: choose two.")
            given[port] = option
            variable = f"SWITCHBOARD_{field.name.upper()}_PORT"
            require_free(port, used_for=USES[field.name], option=f"{option} or {variable}")


USES = {
    "api": "the API",
    "simulator": "the carrier simulator",
    "temporal": "Temporal",
    "temporal_ui": "Temporal's web pages",
}


@dataclass(frozen=True)
class Machine:
    """One data folder, one set of ports."""

    folder: DataFolder
    ports: Ports
    cluster: Cluster

    @property
    def api_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.api}"

    @property
    def simulator_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.simulator}"

    @property
    def temporal_ui_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.temporal_ui}"

    @property
    def temporal(self) -> TemporalServer:
        return TemporalServer(
            state=self.folder.temporal_state,
            port=self.ports.temporal,
            ui_port=self.ports.temporal_ui,
            codec_endpoint=f"{self.api_url}/codec",
        )

    @cached_property
    def metrics_ports(self) -> Mapping[str, int]:
        """Where the API and the worker tell Prometheus their figures."""
        return {"API": free_port(), "Worker": free_port()}

    @property
    def encryption_keys(self) -> str:
        return kept_encryption_keys(self.folder.keys)

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings of all our own parts."""
        return {
            "SWITCHBOARD_ENVIRONMENT": "development",
            "SWITCHBOARD_DATABASE_URL": self.cluster.url(),
            "SWITCHBOARD_ENCRYPTION_KEYS": self.encryption_keys,
            "SWITCHBOARD_PUBLIC_BASE_URL": self.api_url,
            "SWITCHBOARD_API_HOST": LOOPBACK,
            "SWITCHBOARD_API_PORT": str(self.ports.api),
            "SWITCHBOARD_SIMULATOR_URL": self.simulator_url,
            "SWITCHBOARD_SIMULATOR_PORT": str(self.ports.simulator),
            "SWITCHBOARD_TEMPORAL_UI_URL": self.temporal_ui_url,
            # Programs that are being written run on this machine as well.
            "SWITCHBOARD_OWN_NETWORKS": "127.0.0.0/8,::1/128",
            "SWITCHBOARD_MEDIA_FOLDER": str(self.folder.media.resolve()),
            "TEMPORAL_ADDRESS": self.temporal.address,
            "TEMPORAL_NAMESPACE": "default",
            "PYTHONUNBUFFERED": "1",
        }

    def servers(self) -> list[Part]:
        """The servers that our own parts need."""
        return [
            Part(self.cluster.program, self.cluster.answers, may_restart=True),
            Part(self.temporal.program, self.temporal.is_ready, may_restart=True),
        ]

    def application(self, simulator: Mapping[str, str]) -> list[Part]:
        """Our own parts. `simulator`: settings for the simulator only."""
        worker, api, carrier = "Worker", "API", "Simulator"
        worker_is_ready = self._logged(worker, WORKER_READY)
        carrier_is_ready = self._serves(self.ports.simulator)
        worker_health = free_port()
        return [
            self._ours(
                *(worker, "cli.main", "worker"),
                is_ready=worker_is_ready,
                more={
                    "SWITCHBOARD_WORKER_HEALTH_PORT": str(worker_health),
                    "SWITCHBOARD_METRICS_PORT": str(self.metrics_ports[worker]),
                },
                niceness=NICENESS,
                health_port=worker_health,
            ),
            self._ours(
                *(api, "cli.main", "api"),
                is_ready=self._serves(self.ports.api),
                more={"SWITCHBOARD_METRICS_PORT": str(self.metrics_ports[api])},
                health_port=self.ports.api,
            ),
            self._ours(
                *(carrier, "simulator"),
                is_ready=carrier_is_ready,
                more=simulator,
                niceness=NICENESS,
            ),
        ]

    def _ours(
        self,
        name: str,
        *module: str,
        is_ready: Callable[[], bool],
        more: Mapping[str, str] = MappingProxyType({}),
        niceness: int = 0,
        health_port: int | None = None,
    ) -> Part:
        program = Program(
            name=name,
            command=(sys.executable, "-m", *module),
            environment={**self.environment, **more},
            folder=CHECKOUT,
            stop_seconds=STOP_SECONDS,
            niceness=niceness,
        )
        return Part(program, is_ready, may_restart=True, is_ill=partial(says_ill, health_port))

    def _serves(self, port: int) -> Callable[[], bool]:
        return lambda: accepts_connections(port)

    def _logged(self, name: str, event: str) -> Callable[[], bool]:
        """Return a probe that finds an event logged from now on."""
        log = self.folder.log(name)
        begin = log.stat().st_size if log.exists() else 0
        return lambda: event.encode() in log.read_bytes()[begin:]
