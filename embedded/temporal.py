"""The Temporal development server with its Web UI, whose state is in one file."""

import sys
from dataclasses import dataclass
from pathlib import Path

from embedded.errors import EmbeddedError
from embedded.ports import LOOPBACK, accepts_connections
from embedded.processes import Program

# SQLite's default journal mode halves the server's speed.
PRAGMAS = ("journal_mode=wal", "synchronous=normal")


@dataclass(frozen=True)
class TemporalServer:
    """The development server's ports and state file."""

    state: Path
    port: int
    ui_port: int
    codec_endpoint: str
    """The address at which the Web UI decrypts payloads for authorised users."""

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
        """Say whether the server and its Web UI, which starts last, can be reached."""
        return accepts_connections(self.port) and accepts_connections(self.ui_port)


def server_program() -> Path:
    """Return the path of Temporal's program, which a Python package installs."""
    program = Path(sys.executable).parent / "temporal"
    if not program.exists():
        raise EmbeddedError(f"{program} is missing: run `make run` once more.")
    return program
