"""What every test may ask for: a real PostgreSQL and a real Temporal."""

import pytest

TOGETHER = ("browser", "stories")
"""Folders whose tests share one running Switchboard: they stay on one core, in their order."""


pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.temporal",
    "tests.fixtures.brand",
    "tests.fixtures.floor",
    "tests.fixtures.terminal",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares fixtures on one core: files, and whole folders that share a board."""
    for item in items:
        folder = item.path.parent.name
        group = folder if folder in TOGETHER else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
