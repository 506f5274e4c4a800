"""The file in which `switchboard up` keeps the settings of its parts, for other commands."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from embedded import private_files

NAME = "environment"
"""Its name in the data folder."""


def write(path: Path, variables: Mapping[str, str]) -> None:
    """Store settings in a form that a shell can also read, for the file's owner only."""
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in variables.items()]
    private_files.write(path, "".join(lines))


def read(path: Path) -> Mapping[str, str]:
    """Return the settings of the last start, empty if there was none."""
    if not path.exists():
        return {}
    words = shlex.split(path.read_text())
    return dict(word.split("=", 1) for word in words)
