"""What every test may ask for: a real PostgreSQL and a real Temporal."""

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.temporal",
    "tests.fixtures.brand",
    "tests.fixtures.floor",
    "tests.fixtures.terminal",
]
