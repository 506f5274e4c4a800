"""The parts of a complete Switchboard on one machine, with their settings."""

import os
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
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


CORES_OF_EACH = 4
"""Ours: PostgreSQL and Temporal together take about as much as an API and a worker process."""
MOST_BY_ITSELF = 4
WAITING_AT_THE_DOOR = 2048
"""Connections that may wait until a process takes them. Ours: as uvicorn has it."""


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processes_for(count: int) -> int:
    """Return how many API processes, and as many workers, serve a machine with `count` cores."""
    return min(max(count // CORES_OF_EACH, 1), MOST_BY_ITSELF)


@dataclass(frozen=True)
class Processes:
    """How many processes of each kind run."""

    api: int = 1
    worker: int = 1

    @property
    def apis(self) -> list[str]:
        return _named("API", self.api)

    @property
    def workers(self) -> list[str]:
        return _named("Worker", self.worker)


def _named(kind: str, count: int) -> list[str]:
    """Name processes apart: the first one as if it were alone."""
    return [kind, *(f"{kind} {number}" for number in range(2, count + 1))]


@dataclass(frozen=True)
class Machine:
    """One data folder, one set of ports."""

    folder: DataFolder
    ports: Ports
    cluster: Cluster
    processes: Processes = Processes()

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
        """Where API and worker processes tell Prometheus their figures, by their names."""
        return {name: free_port() for name in (*self.processes.apis, *self.processes.workers)}

    @cached_property
    def door(self) -> socket.socket:
        """The socket that several API processes share: what comes waits in it for any of them."""
        return socket.create_server((LOOPBACK, self.ports.api), backlog=WAITING_AT_THE_DOOR)

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
        carrier = self._ours(
            *("Simulator", "simulator"),
            is_ready=self._serves(self.ports.simulator),
            more=simulator,
            niceness=NICENESS,
        )
        workers = [self._worker(name) for name in self.processes.workers]
        return [*workers, *map(self._api, self.processes.apis), carrier]

    def _worker(self, name: str) -> Part:
        port = free_port()
        more = {"SWITCHBOARD_WORKER_HEALTH_PORT": str(port), **self._told_apart(name)}
        return self._ours(
            *(name, "cli.main", "worker"),
            is_ready=self._logged(name, WORKER_READY),
            more=more,
            niceness=NICENESS,
            health_port=port,
        )

    def _api(self, name: str) -> Part:
        more, own, port = self._told_apart(name), (name, "cli.main", "api"), self.ports.api
        if self.processes.api == 1:
            return self._ours(*own, is_ready=self._serves(port), more=more, health_port=port)
        port, door = free_port(), self.door.fileno()
        shared = {
            "SWITCHBOARD_API_SOCKET": str(door),
            "SWITCHBOARD_API_HEALTH_PORT": str(port),
        }
        part = self._ours(
            *own, is_ready=self._serves(port), more={**more, **shared}, health_port=port
        )
        return replace(part, program=replace(part.program, sockets=(door,)))

    def _told_apart(self, name: str) -> Mapping[str, str]:
        """Return by what a process is known on the status page, and to Prometheus."""
        several = len(self.processes.apis) + len(self.processes.workers) > 2
        named = {"SWITCHBOARD_PROCESS_NAME": name} if several else {}
        return {"SWITCHBOARD_METRICS_PORT": str(self.metrics_ports[name]), **named}

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
