"""The data folder, in which `switchboard up` keeps everything."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from embedded import environment_file
from embedded.errors import EmbeddedError
from embedded.guard import Watched

LEDGER = TypeAdapter(list[Watched])
LOG_BYTES_KEPT = 20_000_000
UP = "up"
"""The command that runs everything from a folder."""
AT_WORK = "at-work"
"""In it any other command notes its process and itself: `lock` holds the process alone."""


@dataclass(frozen=True)
class DataFolder:
    """The paths in the folder; each is created when it is first needed."""

    path: Path

    @property
    def keys(self) -> Path:
        return self.path / "encryption.keys"

    @property
    def temporal_state(self) -> Path:
        return self.path / "temporal.db"

    @property
    def media(self) -> Path:
        return self.path / "media"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    def log(self, name: str) -> Path:
        return self.logs / f"{name.lower().replace(' ', '-')}.log"

    @property
    def _ledger(self) -> Path:
        return self.path / "processes.json"

    @property
    def environment(self) -> Path:
        return self.path / environment_file.NAME

    def write_environment(self, variables: Mapping[str, str]) -> None:
        """Store the parts' settings for other commands, in a form that a shell can also read."""
        environment_file.write(self.environment, variables)

    def read_environment(self) -> Mapping[str, str]:
        """Return the settings of the last start, empty if there was none."""
        return environment_file.read(self.environment)

    def write_ledger(self, running: list[Watched]) -> None:
        """Record the running processes, so that a later start can end those of a killed run."""
        self._ledger.write_bytes(LEDGER.dump_json(running))

    def read_ledger(self) -> list[Watched]:
        try:
            return LEDGER.validate_json(self._ledger.read_bytes())
        except (FileNotFoundError, ValidationError):
            return []

    def set_large_logs_aside(self) -> None:
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > LOG_BYTES_KEPT:
                log.replace(log.with_suffix(".log.old"))


@contextmanager
def opened(path: Path, command: str = UP) -> Iterator[DataFolder]:
    """Lock the folder for this process. Raises `EmbeddedError` when another process has it.

    `command`: what this process is, for who comes meanwhile.
    """
    folder = DataFolder(path.resolve())
    try:
        # Others may pass through, as PostgreSQL's user must when we are root, but not list it.
        folder.path.mkdir(parents=True, exist_ok=True, mode=0o711)
        folder.logs.mkdir(exist_ok=True, mode=0o700)
        lock = (folder.path / "lock").open("a+")
    except OSError as error:
        raise EmbeddedError(f"The data folder {folder.path} cannot be used: {error}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise EmbeddedError(_taken(folder.path, lock.read().strip())) from None
        if command != UP:
            (folder.path / AT_WORK).write_text(f"{os.getpid()} {command}")
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield folder


def _taken(path: Path, process: str) -> str:
    """Return who has a folder. `process`: its id, as the lock has it and nothing else."""
    with suppress(FileNotFoundError):
        noted, _, command = (path / AT_WORK).read_text().partition(" ")
        if noted == process:
            return (
                f"`switchboard {command}` is at work on {path} (process {process}): wait until it "
                "has ended, or choose another folder with --data."
            )
    return (
        f"Switchboard already runs from {path} (process {process}): stop it, or choose another "
        "folder with --data."
    )
