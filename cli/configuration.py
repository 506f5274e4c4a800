"""Where a command at a terminal finds its settings."""

import os
from pathlib import Path

from embedded.data_folder import DataFolder


def borrow_environment(data: Path) -> None:
    """Take the settings of what `switchboard up` runs, when the environment names no database.

    For commands that look at a machine's own Switchboard from another terminal.
    """
    if "SWITCHBOARD_DATABASE_URL" not in os.environ:
        os.environ.update(DataFolder(data).read_environment())
