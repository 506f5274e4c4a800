"""Checks the islands' scripts: `python -m tests.scripts`. With `--install` it only installs."""

import sys
from pathlib import Path

from tests.scripts.tools import HERE, PLACE, install, node

PACKAGES = PLACE / "node_modules"
ISLANDS = ("web/static/island", "web/workspace/static/workspace", "web/board/static/board")


def main() -> int:
    """Return how many of the checks failed."""
    install()
    if "--install" in sys.argv:
        return 0
    there = [folder for folder in ISLANDS if Path(folder).is_dir()]
    types = node(PACKAGES / "typescript" / "bin" / "tsc", "--project", str(HERE / "tsconfig.json"))
    kind = "format" if "--format" in sys.argv else "check"
    fix = ["--write"] if "--format" in sys.argv else []
    lint = node(
        PACKAGES / "@biomejs" / "biome" / "bin" / "biome",
        *(kind, *fix, "--config-path", str(HERE / "biome.json"), "--colors=off", *there),
    )
    return bool(types) + bool(lint)


sys.exit(main())
