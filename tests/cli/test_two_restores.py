"""Two runs of `switchboard restore` or `backup` for one folder do not disturb each other."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from embedded.guard import Guard
from tests.cli.test_backup import files_in, filled, place, rows_of, run

__all__ = ["place"]

SLOW = """
import shutil, sys
import cli.main
copy = shutil.copytree
def slow(*words, **named):
    print("copying", flush=True)
    sys.stdin.readline()
    return copy(*words, **named)
shutil.copytree = slow
cli.main.app()
"""


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_second_run_for_the_same_folder_is_refused_and_the_first_one_finishes(
    place: Path, guard: Guard, command: str
) -> None:
    data, other, copy, keys = (place / name for name in ("data", "other", "copy", "keys"))
    again = place / "again"
    filled(data, guard)
    filled(other, guard)
    assert run("backup", copy, "--data", data, "--keys", keys)[0] == 0
    named = ["restore", copy, "--keys", keys, "--as-it-was", "--data"]
    first, second = ([*named, again],) * 2
    if command == "backup":
        first, second = (["backup", again, "--data", one] for one in (data, other))
    words = [sys.executable, "-c", SLOW, *map(str, first)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "copying\n"
        code, output = run(*second)
        assert (code, "Another run makes" in output) == (2, True), output
        running.communicate("\n" * 9)
    assert running.returncode == 0
    assert not list(place.glob("*.unfinished-*"))
    if command == "restore":
        assert rows_of(again, guard) == [("hello",)]
    else:
        assert "backup.json" in files_in(again)


def test_a_data_folder_whose_database_is_missing_is_not_backed_up_as_an_empty_one(
    place: Path, guard: Guard
) -> None:
    filled(place / "data", guard)
    shutil.rmtree(place / "data" / "postgres" / "cluster")
    code, output = run("backup", place / "copy", "--data", place / "data")
    assert (code, "it held the database" in output) == (2, True), output
    assert not (place / "copy").exists()
