"""`switchboard backup` and `restore`: a data folder goes on elsewhere as it was."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from cli.main import app
from embedded import postgres
from embedded.data_folder import opened
from embedded.guard import Guard


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
        folder.keys.write_text("k1:secret\n")


def rows_of(data: Path, guard: Guard) -> list[tuple[str]]:
    cluster = postgres.prepare(data, is_durable=False)
    server = postgres.run(cluster, data / "postgres.log")
    guard.watch(server)
    try:
        with psycopg.connect(cluster.url()) as connection:
            return connection.execute("SELECT text FROM kept").fetchall()
    finally:
        server.stop()


def test_a_restored_folder_goes_on_and_nothing_half_made_is_taken_for_a_backup(
    place: Path, guard: Guard
) -> None:
    data, copy, keys, again = (place / name for name in ("data", "copy", "keys", "again"))
    assert run("backup", copy, "--data", data)[0] == 2
    filled(data, guard)
    with opened(data):
        code, output = run("backup", copy, "--data", data)
        assert (code, "already runs" in output) == (2, True)
    assert not copy.exists()

    slow = "import shutil, time, cli.main as m; shutil.copytree = lambda *a, **k: time.sleep(600)"
    killed = [sys.executable, "-c", f"{slow}; m.app()", "backup", str(copy), "--data", str(data)]
    half = subprocess.Popen(killed)
    while not list(place.glob("copy.unfinished-*")):
        assert half.poll() is None
        time.sleep(0.05)
    half.send_signal(signal.SIGKILL)
    half.wait()
    assert not copy.exists()

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
    assert not again.exists()
    code, output = run("restore", copy, "--keys", keys, "--data", again)
    assert code == 0, output
    assert rows_of(again, guard) == [("hello",)]
    assert (again / "media" / "picture").read_bytes() == b"png"
    assert (again / "temporal.db").read_bytes() == b"sqlite"
    assert (again / "temporal.db-wal").read_bytes() == b"wal"
    assert (again / "encryption.keys").read_text() == "k1:secret\n"
