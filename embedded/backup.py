"""Backs up and restores a data folder while nothing runs from it.

A copy is made beside its place and then renamed, so a copy that was interrupted is never taken for
a whole one. Encryption keys are not part of it: whoever has both can read everything.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from embedded import postgres, private_files
from embedded.data_folder import DataFolder, opened
from embedded.errors import EmbeddedError
from embedded.guard import end
from embedded.ports import free_port
from embedded.postgres_files import MAJOR_VERSION, SHARED, ClusterRecord
from embedded.server_user import server_user

MANIFEST = "backup.json"
CLUSTER = "cluster"
RECORD = "postgres.json"
TEMPORAL = "temporal.db"
MEDIA = "media"
KEYS = "encryption.keys"
UNFINISHED = ".unfinished-"
APART = "apart"
"""Names PostgreSQL's files in a copy that is being restored, if they are not in it."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself."""

    made_at: str
    version: str
    postgres: str
    key_marks: Sequence[str] = ()
    """Of the keys that were in use (`security.secrets.Keyring.marks`); none: it was not noted."""


def back_up(data: Path, target: Path, keys: Path | None, key_marks: Sequence[str]) -> None:
    """Copy a data folder into a new folder. `keys`: a file for the keys.

    `key_marks`: what tells the folder's keys apart, and gives none away.

    Raises `EmbeddedError` while Switchboard or another backup is at work on it, or when the
    target is there already.
    """
    if not (data / RECORD).exists():
        raise EmbeddedError(f"{data} is no data folder of `switchboard up`.")
    if keys and not (data / KEYS).exists():
        raise EmbeddedError(f"{data / KEYS} is missing: without it, nothing can be read.")
    _require_new(target)
    if keys and keys.exists() and not _holds(keys, data / KEYS):
        raise EmbeddedError(f"{keys} holds other keys already: name another file for the keys.")
    with opened(data, "backup") as folder:
        _end_leftovers(folder)
        cluster = postgres.prepare(
            folder.path, is_new=False
        )  # ends a server that a killed run left
        with _renamed(target) as unfinished:
            _copy(cluster.folder, unfinished / CLUSTER)
            shutil.copy2(folder.path / RECORD, unfinished / RECORD)
            for file in folder.path.glob(f"{TEMPORAL}*"):
                shutil.copy2(file, unfinished / file.name)
            if folder.media.exists():
                _copy(folder.media, unfinished / MEDIA)
            now, release = datetime.now(UTC).isoformat(), version("switchboard")
            made = Manifest(now, release, MAJOR_VERSION, key_marks)
            (unfinished / MANIFEST).write_text(json.dumps(made.__dict__))
            if keys:  # before the copy counts as a backup
                _write_keys(folder.keys, keys)


def _holds(keys: Path, held: Path) -> bool:
    """Say whether a file has these keys already, as after a backup that was killed."""
    try:
        return keys.read_text() == held.read_text()
    except (OSError, ValueError):
        return False


def _write_keys(held: Path, keys: Path) -> None:
    try:
        private_files.write(keys, held.read_text())
    except OSError as error:
        raise EmbeddedError(f"{keys} cannot be written: {error}.") from error


def restore(source: Path, data: Path, keys: Path, finish: Callable[[Path], None]) -> None:
    """Make a new data folder of a backup and a file with its keys.

    `finish` is called with the copy before it takes the folder's name: what it raises leaves
    nothing. Raises `EmbeddedError` when the folder is there already, or the backup is none of this
    version's PostgreSQL.
    """
    made = manifest_of(source)
    if made.postgres != MAJOR_VERSION:
        raise EmbeddedError(
            f"{source} was made with PostgreSQL {made.postgres}, this is {MAJOR_VERSION}: restore "
            "it with the version of Switchboard that made it."
        )
    _require_new(data)
    with _renamed(data) as unfinished:
        unfinished.chmod(0o711)
        _settle_cluster(source, unfinished)
        for file in source.glob(f"{TEMPORAL}*"):
            shutil.copy2(file, unfinished / file.name)
        if (source / MEDIA).exists():
            _copy(source / MEDIA, unfinished / MEDIA)
        private_files.write(unfinished / KEYS, keys.read_text())
        finish(unfinished)
    (data / APART).unlink(missing_ok=True)


def manifest_of(source: Path) -> Manifest:
    """Return what a backup says about itself. Raises `EmbeddedError` if it is none."""
    try:
        return Manifest(**json.loads((source / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise EmbeddedError(f"{source} is no backup, or an interrupted one.") from error


def _settle_cluster(source: Path, data: Path) -> None:
    """Put PostgreSQL's files where its user can reach them, and note where that is."""
    record = ClusterRecord.model_validate_json((source / RECORD).read_text())
    user = server_user(data / "postgres")
    place = data / "postgres"
    apart = user and not user.can_enter(data)
    if apart:
        place = SHARED / f"data-{secrets.token_hex(4)}"
        (data / APART).write_text(str(place))
    place.mkdir(parents=True, mode=0o755)
    _copy(source / CLUSTER, place / CLUSTER)
    if user:
        for path in (place, *place.rglob("*")):
            user.own(path)
    place.chmod(0o700)
    noted = record.model_copy(update={"folder": place if apart else None, "port": free_port()})
    private_files.write(data / RECORD, noted.model_dump_json())


def _end_leftovers(folder: DataFolder) -> None:
    """End what a killed run left running: it would go on writing."""
    end([one for one in folder.read_ledger() if one.running()])


def _require_new(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise EmbeddedError(f"{target} exists and is not empty: name another folder.")


@contextmanager
def _renamed(target: Path) -> Iterator[Path]:
    """Yield a folder that takes the target's name once it is complete and on disk.

    What an interrupted copy left is removed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _started(target) as unfinished:
        try:
            yield unfinished
            os.sync()
            unfinished.rename(target)  # an empty folder of that name gives way
        except OSError as error:
            raise EmbeddedError(f"{target} cannot be written: {error}.") from error
        finally:
            _discard(unfinished)


@contextmanager
def _started(target: Path) -> Iterator[Path]:
    """Make an empty folder beside the target, locked for as long as this process works on it.

    Raises `EmbeddedError` while another process works on one for the same target.
    """
    with _locked(target.parent, fcntl.LOCK_EX), ExitStack() as held:  # one looks at a time
        for left in target.parent.glob(f"{target.name}{UNFINISHED}*"):
            try:
                with _locked(left, fcntl.LOCK_EX | fcntl.LOCK_NB):
                    _discard(left)
            except BlockingIOError:
                raise EmbeddedError(
                    f"Another run makes {target} now: wait for it, or name another folder."
                ) from None
        unfinished = target.with_name(f"{target.name}{UNFINISHED}{secrets.token_hex(4)}")
        unfinished.mkdir(mode=0o700)
        held.enter_context(_locked(unfinished, fcntl.LOCK_EX))
        kept = held.pop_all()
    with kept:
        yield unfinished


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    """Lock a folder. The lock of a process that dies ends with it, and leaves no file."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def _discard(unfinished: Path) -> None:
    """Remove a copy that was not finished, and what of it lies elsewhere."""
    apart = unfinished / APART
    place = Path(apart.read_text()) if apart.exists() else unfinished / "postgres"
    postgres.clear_leftover(place / CLUSTER)  # it would go on writing
    shutil.rmtree(place, ignore_errors=True)
    shutil.rmtree(unfinished, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True)
