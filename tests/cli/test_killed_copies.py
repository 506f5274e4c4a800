"""`switchboard backup` and `restore` that fail or are killed leave nothing, and can be repeated."""

import os
import signal
from collections.abc import Iterable
from pathlib import Path

import psutil
import psycopg
import pytest

from database.migrate import upgrade
from embedded.guard import Guard
from tests.cli.test_backup import files_in, filled, place, rows_of, run, served
from tests.fixtures.dying import Step, dying

__all__ = ["place"]

OF_BACKUP: tuple[Step, ...] = (
    ("embedded.postgres", "prepare", 1, "before"),
    ("shutil", "copytree", 1, "before"),
    ("shutil", "copytree", 1, "after"),
    ("shutil", "copy2", 1, "after"),
    ("shutil", "copy2", 2, "after"),
    ("shutil", "copytree", 2, "after"),
    ("embedded.private_files", "write", 2, "before"),
    ("embedded.private_files", "write", 2, "after"),
    ("os", "sync", 1, "after"),
)
OF_RESTORE: tuple[Step, ...] = (
    ("shutil", "copytree", 1, "before"),
    ("shutil", "copytree", 1, "after"),
    ("embedded.private_files", "write", 1, "after"),
    ("shutil", "copy2", 1, "after"),
    ("shutil", "copytree", 2, "after"),
    ("embedded.private_files", "write", 2, "after"),
    ("embedded.postgres", "create_database", 1, "before"),
    ("cli.backup", "upgrade", 1, "before"),
    ("cli.backup", "forget", 1, "before"),
    ("cli.backup", "forget", 1, "after"),
    ("embedded.processes:Child", "stop", 1, "after"),
    ("os", "sync", 1, "after"),
)
FAILED_IN_SQL = "Nothing was restored, and "


def killed_at(step: Step, *words: object) -> None:
    process = dying(step, tuple(map(str, words)), os.environ)
    process.join()
    assert process.exitcode == -signal.SIGKILL, step


def servers_of(folder: Path) -> Iterable[int]:
    """Return the processes of servers whose files are within a folder."""
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "-D" in words and any(word.startswith(str(folder)) for word in words):
            yield process.pid


@pytest.mark.timeout(300)
def test_a_backup_killed_at_any_step_leaves_no_backup_and_can_be_repeated(
    place: Path, guard: Guard
) -> None:
    """Each run begins with what the one before has left, and gets further."""
    data, copy, keys, again = (place / name for name in ("data", "copy", "keys", "again"))
    filled(data, guard)
    words = ("backup", copy, "--data", data, "--keys", keys)
    for step in OF_BACKUP:
        killed_at(step, *words)
        assert not copy.exists(), step
    code, output = run(*words)
    assert code == 0, output
    assert files_in(place) == {"data", "copy", "keys"}
    assert rows_of(data, guard) == [("hello",)]
    assert run("restore", copy, "--keys", keys, "--data", again, "--as-it-was")[0] == 0
    assert rows_of(again, guard) == [("hello",)]


def test_a_backup_does_not_write_over_other_keys(place: Path, guard: Guard) -> None:
    data, copy, keys = (place / name for name in ("data", "copy", "keys"))
    filled(data, guard)
    keys.write_text("of another installation")
    code, output = run("backup", copy, "--data", data, "--keys", keys)
    assert (code, "holds other keys already" in output) == (2, True), output
    assert keys.read_text() == "of another installation"


@pytest.mark.timeout(300)
def test_a_restore_killed_at_any_step_leaves_no_folder_and_can_be_repeated(
    place: Path, guard: Guard
) -> None:
    """Each run begins with what the one before has left, its server included, and gets further."""
    data, copy, keys, again = (place / name for name in ("data", "copy", "keys", "again"))
    filled(data, guard)
    with served(data, guard) as url:
        upgrade(url)
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO operator (name, token_hash) VALUES ('Ann', 'hash')")
    assert run("backup", copy, "--data", data, "--keys", keys)[0] == 0
    words = ("restore", copy, "--keys", keys, "--data", again)
    for step in OF_RESTORE:
        killed_at(step, *words)
        assert not again.exists(), step
    code, output = run(*words)
    assert code == 0, output
    assert files_in(place) == {"data", "copy", "keys", "again"}
    assert list(servers_of(place)) == []
    with served(again, guard) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT name FROM operator").fetchall() == []
        assert connection.execute("SELECT text FROM kept").fetchall() == [("hello",)]


@pytest.mark.parametrize("why", ["a migration fails", "its statements fail"])
def test_a_restore_that_the_database_refuses_is_one_sentence_and_leaves_nothing(
    place: Path, guard: Guard, why: str
) -> None:
    data, copy, keys, again = (place / name for name in ("data", "copy", "keys", "again"))
    filled(data, guard)
    with served(data, guard) as url, psycopg.connect(url) as connection:
        if why == "a migration fails":
            connection.execute("CREATE TABLE account (id text)")
        else:
            connection.commit()
            upgrade(url)
            connection.execute("DROP TABLE person_link")
    assert run("backup", copy, "--data", data, "--keys", keys)[0] == 0
    again.mkdir()
    code, output = run("restore", copy, "--keys", keys, "--data", again)
    assert (code, len(output.splitlines())) == (2, 1), output
    assert output.startswith(FAILED_IN_SQL)
    assert ("account" if why == "a migration fails" else "person_link") in output
    assert "run this again" in output
    assert files_in(place) == {"data", "copy", "keys", "again"}
    assert files_in(again) == set()
    assert list(servers_of(place)) == []
    code, output = run("restore", copy, "--keys", keys, "--data", again, "--as-it-was")
    assert code == 0, output
    assert rows_of(again, guard) == [("hello",)]
