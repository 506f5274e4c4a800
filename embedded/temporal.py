"""The Temporal development server with its Web UI, its state kept in one file."""

import sys
from dataclasses import dataclass
from pathlib import Path

from embedded.errors import EmbeddedError
from embedded.ports import LOOPBACK, accepts_connections
from embedded.processes import Program

# The default journal halves the server's speed.
PRAGMAS = ("journal_mode=wal", "synchronous=normal")


@dataclass(frozen=True)
class TemporalServer:
    """Where the development server listens and keeps its state."""

    state: Path
    port: int
    ui_port: int
    codec_endpoint: str
    """Address at which the Web UI has payloads decrypted for whoever may read them."""

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    @property
    def program(self) -> Program:
        pragmas = [part for pragma in PRAGMAS for part in ("--sqlite-pragma", pragma)]
        return Program(
            name="Temporal",
            command=(
                *(str(server_program()), "server", "start-dev"),
                *("--ip", LOOPBACK, "--port", str(self.port)),
                *("--ui-port", str(self.ui_port), "--ui-codec-endpoint", self.codec_endpoint),
                *("--ui-disable-news-fetch", "--log-level", "warn", "--namespace", "default"),
                *("--db-filename", str(self.state), *pragmas),
            ),
        )

    def is_ready(self) -> bool:
        """Say whether both the server and its Web UI, which comes up last, can be reached."""
        return accepts_connections(self.port) and accepts_connections(self.ui_port)


def server_program() -> Path:
    """Return Temporal's program, which a Python package puts beside the interpreter."""
    program = Path(sys.executable).parent / "temporal"
    if not program.exists():
        raise EmbeddedError(f"{program} is missing: run `make run` once more.")
    return program
