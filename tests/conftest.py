"""What every test may ask for: a real PostgreSQL and a real Temporal."""

import os

import pytest
from hypothesis import HealthCheck, settings

TOGETHER = ("browser", "stories")
"""Folders whose tests share one running Switchboard: they stay on one core, in their order."""

# No test asserts how long something takes, and each run tries the same examples: what fails once
# fails again. Other examples are for HYPOTHESIS_PROFILE=default.
settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

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
