"""Record the histories of scripted conversations: `python -m tests.histories.record [NAME ...]`.

An existing file is kept: conversations that opened under the code of that day are still open.
"""

import json
import re
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent


def path_of(name: str) -> Path:
    """Return where a script's newest history is kept."""
    return FOLDER / f"{name}.json"


def keep(name: str, history: str) -> bool:
    """Write a history unless one of this name is kept; says whether it was new."""
    if path_of(name).exists():
        return False
    anonymous = re.sub(r'"identity": ?"[^"]*"', '"identity": "worker"', history)
    path_of(name).write_text(json.dumps(json.loads(anonymous), indent=1) + "\n")
    return True


if __name__ == "__main__":
    scripts = [str(path) for path in sorted(FOLDER.glob("scripts*.py"))]
    sys.exit(pytest.main([*scripts, "-q", "-p", "no:cacheprovider", *sys.argv[1:]]))
