"""Finds the settings for a command at a terminal."""

import os
from pathlib import Path

from embedded.data_folder import DataFolder


def borrow_environment(data: Path) -> None:
    """Use the settings of the running `switchboard up` if the environment names no database.

    For commands that inspect this machine's Switchboard from another terminal.
    """
    if "SWITCHBOARD_DATABASE_URL" not in os.environ:
        os.environ.update(DataFolder(data).read_environment())
