"""Finds the settings for a command at a terminal."""

import os
from pathlib import Path

from embedded import environment_file

DATABASE = ("SWITCHBOARD_DATABASE_URL", "SWITCHBOARD_DATABASE_URL_FILE")


def borrow_environment(data: Path) -> None:
    """Use the settings of the running `switchboard up` if the environment names no database.

    For commands that inspect this machine's Switchboard from another terminal.
    """
    if not any(name in os.environ for name in DATABASE):
        os.environ.update(environment_file.read(data / environment_file.NAME))
