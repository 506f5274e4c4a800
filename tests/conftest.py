"""What every test may ask for: a real PostgreSQL and a real Temporal."""

from pathlib import Path

import pytest

from tests.examples import load_profile
from tests.flaky import ENDED

ROOT = Path(__file__).parent
TOGETHER = ("browser", "stories")
"""Folders whose tests share one running Switchboard: they stay in one process, in their order."""
LONGEST_FIRST = (
    "browser",
    "faults/test_decided_once.py",
    "stories",
    "activities/test_sending_once.py",
    "lost_ways",
    "bench/test_parts.py",
    "docs/test_readme_story.py",
    "cli/test_up.py",
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

pytest_plugins = [
    "tests.fixtures.thrift",
    "tests.fixtures.database",
    "tests.fixtures.temporal",
    "tests.fixtures.brand",
    "tests.fixtures.centre",
    "tests.fixtures.terminal",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest, and keep in one process what shares fixtures.

    These are files, and whole folders that share a board.
    """
    items.sort(key=_turn)
    for item in items:
        folder = item.path.parent.name
        group = folder if folder in TOGETHER else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))


def _turn(item: pytest.Item) -> int:
    path = item.path.relative_to(ROOT)
    turns = (turn for turn, one in enumerate(LONGEST_FIRST) if path.is_relative_to(one))
    return next(turns, len(LONGEST_FIRST))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Keep how the run ended, for `tests.flaky`."""
    if getattr(session.config, "cache", None) and not hasattr(session.config, "workerinput"):
        session.config.cache.set(ENDED, int(exitstatus))
