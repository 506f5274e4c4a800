"""What others made and we ship: locked Python packages, and files of the pages."""

import importlib.metadata
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

ROOT = Path(__file__).parents[2]
IMAGE = "requirements.txt"
WITH_SERVERS = "requirements-embedded.txt"
VENDOR = ROOT / "web" / "static" / "vendor" / "manifest.json"
LOCKED = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)", re.MULTILINE)

MAY_BE_SHIPPED = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0"),
        *("MIT-CMU", "PostgreSQL", "PSF-2.0", "Unlicense", "Zlib"),
        "OFL-1.1",  # a font, which is passed on with its licence
        # Weak copyleft: files of theirs that we change, or a library that cannot be exchanged.
        # We do neither: they are installed as they are, beside us.
        *("LGPL-3.0-only", "MPL-2.0"),
    }
)
"""Licences under which a program may be passed on with ours (Apache-2.0). By SPDX id."""

WRITTEN: Mapping[str, str] = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT, BSD": "MIT AND BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What packages write that is no SPDX expression."""

LOOKED_UP: Mapping[str, str] = {
    "colorama": "BSD-3-Clause",  # for another system: not installed here
    "httpx2-jsfetch": "BSD-3-Clause",  # likewise
    "jinja2": "BSD-3-Clause",  # "BSD License", of which there are several
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",  # "Dual License"
    "segno": "BSD-3-Clause",
    "uvloop": "MIT OR Apache-2.0",
}
"""Of packages that do not say it exactly: read in their sources."""


@dataclass(frozen=True)
class Component:
    """Something of others. `licence`: an SPDX expression, or why there is none."""

    name: str
    version: str
    kind: str
    """Its registry, as package URLs name it: `pypi`, `npm`."""
    licence: str

    @property
    def url(self) -> str:
        """Its package URL."""
        name = self.name.replace("@", "%40", 1) if self.kind == "npm" else self.name
        return f"pkg:{self.kind}/{name}@{self.version}"

    @property
    def may_be_shipped(self) -> bool:
        """Say whether one of the licences that it leaves the choice of allows it."""
        choices = self.licence.split(" OR ")
        return any(set(choice.split(" AND ")) <= MAY_BE_SHIPPED for choice in choices)


def packages(lock: str) -> Sequence[Component]:
    """Return the Python packages of a lock file, sorted by name."""
    locked = sorted(set(LOCKED.findall((ROOT / lock).read_text())))
    return [Component(name, version, "pypi", _licence(name)) for name, version in locked]


def of_the_pages() -> Sequence[Component]:
    """Return scripts, styles and fonts that the pages load."""
    return list(_vendored(json.loads(VENDOR.read_text())))


def _vendored(manifest: Mapping[str, Mapping[str, str]]) -> Iterator[Component]:
    for name, one in sorted(manifest.items()):
        yield Component(name, one["version"], "npm", one["licence"])


def _licence(name: str) -> str:
    if name in LOOKED_UP:
        return LOOKED_UP[name]
    try:
        told: Message = importlib.metadata.metadata(name)  # type: ignore[assignment]  # it is one
    except importlib.metadata.PackageNotFoundError:
        return "not installed: look it up"
    if expression := told.get("License-Expression"):
        return expression
    line = (told.get("License") or "").partition("\n")[0].strip()
    if line in WRITTEN or line in MAY_BE_SHIPPED:
        return WRITTEN.get(line, line)
    classes = [
        value.rpartition(":: ")[2]
        for value in told.get_all("Classifier", [])
        if value.startswith("License ::")
    ]
    return " OR ".join(WRITTEN.get(one, one) for one in classes) or f"unknown: {line}"
