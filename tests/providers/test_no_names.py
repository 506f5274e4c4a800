"""What is of one provider stands in its folder: adding or removing one touches nothing else."""

import re
import tomllib
from pathlib import Path

import pytest

from providers.names import NAMES

ROOT = Path(__file__).parents[2]
PRODUCT = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "root_packages"
]
ADDRESS = re.compile(r"https?://\S+")
"""Of a page that says why a rule is what it is."""
READ = frozenset({".py", ".html", ".js", ".css"})
REGISTRY = ROOT / "providers" / "names.py"
DEMO = ROOT / "cli" / "demo.py"
"""The demo brand has lines, and lines have a provider."""


@pytest.mark.parametrize("name", NAMES)
def test_only_a_providers_own_folder_and_the_registry_name_it(name: str) -> None:
    naming = [
        str(path.relative_to(ROOT))
        for folder in PRODUCT
        for path in (ROOT / folder).rglob("*")
        if path.suffix in READ
        and not path.is_relative_to(ROOT / "providers" / name)
        and not {"vendor", "migrations"} & set(path.parts)
        and path != DEMO
        and name in ADDRESS.sub("", path.read_text().lower())
    ]
    assert naming == [str(REGISTRY.relative_to(ROOT))]
    lines = [line for line in REGISTRY.read_text().splitlines() if name in line]
    assert len(lines) == 1
