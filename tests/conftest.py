"""What every test may ask for: a real PostgreSQL and a real Temporal."""

import gc
from collections.abc import Generator
from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.examples import load_profile
from tests.fixtures.in_memory import keep_files_in_memory
from tests.fixtures.logs import keep_out_of_output
from tests.flaky import ENDED

ROOT = Path(__file__).parent
TOGETHER = {
    "browser": ("browser",),
    "stories": ("docs/test_readme_story.py", "stories", "cli/test_up.py"),
    "clock": tuple(
        f"workflows/test_{name}.py" for name in ("arranging", "survey_texts", "taking", "time")
    ),
}
"""Tests that share what is slow to start, each in one process and in their order: a browser with
its demo brand, a running Switchboard, a Temporal server with its own clock.
"""
LONGEST_FIRST = (
    "browser",
    "faults/test_decided_once.py",
    "docs/test_readme_story.py",
    "stories",
    "cli/test_up.py",
    "activities/test_sending_once.py",
    "lost_ways",
    "upgrades",
    "bench/test_parts.py",
    "api",
    "web",
    "workflows",
    "routing",
    "faults",
    "cli",
    "simulation",
)
"""What takes minutes begins first, so that all processes end at about the same time."""

load_profile()
keep_files_in_memory()
keep_out_of_output()

# Modules and tests stay to the end: to look for garbage among them costs a third of the collecting.
gc.disable()

pytest_plugins = [
    "tests.fixtures.thrift",
    "tests.fixtures.patience",
    "tests.fixtures.days",
    "tests.fixtures.database",
    "tests.fixtures.temporal",
    "tests.fixtures.brand",
    "tests.fixtures.centre",
    "tests.fixtures.terminal",
]


class FilesTogether(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """Gives a process all tests of a file, which share fixtures, or of a group of `TOGETHER`."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid.partition("::")[0])


@cache
def _group(file: str) -> str:
    path = Path(file).relative_to(ROOT.name)
    groups = (name for name, parts in TOGETHER.items() if any(map(path.is_relative_to, parts)))
    return next(groups, file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FilesTogether:
    # xdist's own groups, `--dist loadgroup`, have no effect with pytest 9.2.
    return FilesTogether(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for garbage from here on, but not among what has been loaded."""
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest."""
    items.sort(key=lambda item: _turn(item.path))


@cache
def _turn(file: Path) -> int:
    path = file.relative_to(ROOT)
    turns = (turn for turn, one in enumerate(LONGEST_FIRST) if path.is_relative_to(one))
    return next(turns, len(LONGEST_FIRST))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Keep how the run ended, for `tests.flaky`."""
    if getattr(session.config, "cache", None) and not hasattr(session.config, "workerinput"):
        session.config.cache.set(ENDED, int(exitstatus))
