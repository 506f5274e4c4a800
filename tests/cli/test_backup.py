"""`switchboard backup` and `restore`: a data folder goes on elsewhere as it was."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from cli.main import app
from database.migrate import upgrade
from embedded import postgres
from embedded.data_folder import opened
from embedded.guard import Guard
from embedded.keys import kept_encryption_keys, new_encryption_key
from embedded.postgres_files import SHARED

KEYS = new_encryption_key()


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that PostgreSQL's user can enter, also when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="switchboard-backup-"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    yield folder
    shutil.rmtree(folder)


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.exit_code, done.output


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def filled(data: Path, guard: Guard) -> None:
    """Make a data folder with a row, a file, keys, and a state of Temporal."""
    with opened(data) as folder:
        cluster = postgres.prepare(folder.path, is_durable=False)
        server = postgres.run(cluster, data / "postgres.log")
        guard.watch(server)
        with psycopg.connect(cluster.url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (text text)")
            connection.execute("INSERT INTO kept VALUES ('hello')")
        server.stop()
        folder.media.mkdir()
        (folder.media / "picture").write_bytes(b"png")
        folder.temporal_state.write_bytes(b"sqlite")
        folder.temporal_state.with_name("temporal.db-wal").write_bytes(b"wal")
        folder.keys.write_text(f"{KEYS}\n")


@contextmanager
def served(data: Path, guard: Guard) -> Iterator[str]:
    """Start a data folder's PostgreSQL alone; yields its address."""
    cluster = postgres.prepare(data, is_durable=False)
    server = postgres.run(cluster, data / "postgres.log")
    guard.watch(server)
    try:
        yield cluster.url()
    finally:
        server.stop()


def rows_of(data: Path, guard: Guard) -> list[tuple[str]]:
    with served(data, guard) as url, psycopg.connect(url) as connection:
        return connection.execute("SELECT text FROM kept").fetchall()


def killed_half_way(copying: Path, *words: object) -> None:
    """Kill a command once it copies files. `copying`: a file that says so."""
    begins = f"shutil.copytree = lambda *a, **k: (open({str(copying)!r}, 'w'), time.sleep(600))"
    program = f"import shutil, time, cli.main as m; {begins}; m.app()"
    half = subprocess.Popen([sys.executable, "-c", program, *map(str, words)])
    while not copying.exists():
        assert half.poll() is None
        time.sleep(0.05)
    half.send_signal(signal.SIGKILL)
    half.wait()


def test_a_restored_folder_goes_on_and_nothing_half_made_is_taken_for_a_backup(
    place: Path, guard: Guard
) -> None:
    data, copy, keys, again = (place / name for name in ("data", "copy", "keys", "again"))
    assert run("backup", copy, "--data", data)[0] == 2
    filled(data, guard)
    with opened(data):
        code, output = run("backup", copy, "--data", data)
        assert (code, "already runs" in output) == (2, True)
    with opened(data, "backup"):
        code, output = run("backup", copy, "--data", data)
        assert (code, "`switchboard backup` is at work on" in output) == (2, True)
        assert "already runs" not in output
    assert not copy.exists()

    killed_half_way(place / "copying", "backup", copy, "--data", data)
    assert not copy.exists()

    code, output = run("backup", copy, "--data", data, "--keys", place / "absent" / "keys")
    assert (code, "cannot be written" in output, copy.exists()) == (2, True, False), output
    code, output = run("backup", copy, "--data", data, "--keys", keys)
    assert code == 0, output
    assert "with both, anybody can read everything" in output
    assert not list(place.glob("*.unfinished-*"))
    assert "encryption.keys" not in files_in(copy)
    assert keys.stat().st_mode & 0o077 == 0
    code, output = run("backup", copy, "--data", data)
    assert (code, "is not empty" in output) == (2, True)

    code, output = run("restore", copy, "--keys", keys, "--data", data)
    assert (code, "is not empty" in output) == (2, True)
    assert run("restore", place / "data", "--keys", keys, "--data", again)[0] == 2
    assert run("restore", copy, "--keys", place / "none", "--data", again)[0] == 2
    (place / "other").write_text("k1:secret\n")
    code, output = run("restore", copy, "--keys", place / "other", "--data", again)
    assert (code, "holds no encryption keys" in output) == (2, True)
    assert not again.exists()
    code, output = run("restore", copy, "--keys", keys, "--data", again, "--as-it-was")
    assert code == 0, output
    assert rows_of(again, guard) == [("hello",)]
    assert (again / "media" / "picture").read_bytes() == b"png"
    assert (again / "temporal.db").read_bytes() == b"sqlite"
    assert (again / "temporal.db-wal").read_bytes() == b"wal"
    assert (again / "encryption.keys").read_text() == f"{KEYS}\n"


def test_a_restored_folder_knows_no_tokens_and_log_ins_of_then(place: Path, guard: Guard) -> None:
    data, copy, keys, again = (place / name for name in ("data", "copy", "keys", "again"))
    filled(data, guard)
    with served(data, guard) as url:
        upgrade(url)
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO operator (name, token_hash) VALUES ('Ann', 'hash')")
    assert run("backup", copy, "--data", data, "--keys", keys)[0] == 0
    code, output = run("restore", copy, "--keys", keys, "--data", again)
    assert (code, "tokens and recovery codes of then have ended" in output) == (0, True), output
    with served(again, guard) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT name FROM operator").fetchall() == []
        assert connection.execute("SELECT text FROM kept").fetchall() == [("hello",)]


def test_a_restore_that_was_killed_leaves_no_files_once_it_was_repeated(
    place: Path, guard: Guard
) -> None:
    """Where the folder is closed to PostgreSQL's user, its files lie elsewhere."""
    data, copy, keys, closed = (place / name for name in ("data", "copy", "keys", "closed"))
    filled(data, guard)
    assert run("backup", copy, "--data", data, "--keys", keys)[0] == 0
    closed.mkdir(mode=0o700)
    before = folders_apart()
    words = ("restore", copy, "--keys", keys, "--data", closed / "again", "--as-it-was")
    killed_half_way(place / "copying", *words)
    assert not (closed / "again").exists()
    code, output = run(*words)
    assert code == 0, output
    assert files_in(closed) == {"again"}
    apart = folders_apart() - before
    assert len(apart) == (1 if os.geteuid() == 0 else 0)
    assert rows_of(closed / "again", guard) == [("hello",)]
    for folder in apart:
        shutil.rmtree(folder)


def folders_apart() -> set[Path]:
    return set(SHARED.glob("data-*"))


def test_keys_that_could_not_be_written_are_not_taken_for_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            kept_encryption_keys(tmp_path / "encryption.keys")
    assert files_in(tmp_path) == set()
    made = kept_encryption_keys(tmp_path / "encryption.keys")
    assert kept_encryption_keys(tmp_path / "encryption.keys") == made
    assert files_in(tmp_path) == {"encryption.keys"}
