"""Finds the settings for a command at a terminal."""

import os
from collections.abc import Collection
from pathlib import Path

from embedded import environment_file

DATABASE = ("SWITCHBOARD_DATABASE_URL", "SWITCHBOARD_DATABASE_URL_FILE")
KEYS = ("SWITCHBOARD_ENCRYPTION_KEYS", "SWITCHBOARD_ENCRYPTION_KEYS_FILE")


def borrow_environment(data: Path, *, unless: Collection[str] = DATABASE) -> None:
    """Use the settings of the running `switchboard up` if the environment names no database.

    For commands that inspect this machine's Switchboard from another terminal. `unless`: other
    variables of which any one says that the environment is that of another Switchboard.
    """
    if not any(name in os.environ for name in unless):
        os.environ.update(environment_file.read(data / environment_file.NAME))
