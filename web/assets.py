"""The files that pages load: styles, scripts, pictures."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from posixpath import dirname, normpath

from fastapi import Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from web.route import HEADERS

IMPORTED = re.compile(r'(?:^|;)(?:import|export)\b[^;"]*"(\.[^"]+)"', re.MULTILINE)
VERSIONED = re.compile(r"v-(?P<version>[0-9a-f]{12})/(?P<path>.+)")
FOR_GOOD = "public, max-age=31536000, immutable"
ASKED_EACH_TIME = "no-cache"


class Assets(StaticFiles):
    """Our own files, of several folders at one address.

    An address with the version of all files is kept by browsers without asking again. Scripts
    import each other by relative addresses, and so under the version of the page. Under every other
    address, browsers check each time whether a file has changed.
    """

    def __init__(self, directories: Sequence[Path]) -> None:
        super().__init__(directory=directories[0])
        self.all_directories = list(directories)
        self.version = _version(tuple(directories))

    def address(self, path: str) -> str:
        """Return the address of a file that browsers may keep."""
        return f"/static/v-{self.version}/{path}"

    def modules(self, script: str) -> Sequence[str]:
        """Return the addresses of what a script imports, itself not, so that all load at once."""
        return [self.address(path) for path in _imports(script, tuple(self.all_directories))]

    async def get_response(self, path: str, scope: Scope) -> Response:
        asked = VERSIONED.fullmatch(path)
        response = await super().get_response(asked["path"] if asked else path, scope)
        response.headers.update(HEADERS)
        # During a deploy another version may ask: what it gets is not that version's.
        is_own = asked is not None and asked["version"] == self.version
        response.headers["Cache-Control"] = FOR_GOOD if is_own else ASKED_EACH_TIME
        return response


@cache
def _imports(script: str, directories: tuple[Path, ...]) -> Sequence[str]:
    """Return the paths of all that a script imports, each once."""
    found, waiting = {script: None}, [script]
    while waiting:
        for path in _imported(waiting.pop(), directories):
            if path not in found:
                found[path] = None
                waiting.append(path)
    return [path for path in found if path != script]


def _imported(script: str, directories: Sequence[Path]) -> Iterator[str]:
    file = next(one for folder in directories if (one := folder / script).is_file())
    for path in IMPORTED.findall(file.read_text()):
        yield normpath(f"{dirname(script)}/{path}")


@cache
def _version(directories: tuple[Path, ...]) -> str:
    """Return what changes whenever one of the files does."""
    told = hashlib.sha256()
    for directory in directories:
        for file in sorted(directory.rglob("*")):
            if file.is_file():
                told.update(f"{file.relative_to(directory)}\n".encode())
                told.update(file.read_bytes())
    return told.hexdigest()[:12]
