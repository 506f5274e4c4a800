"""Modules of one file stand in no import circle; the import linter sees packages only."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = sorted(path.stem for path in ROOT.glob("*.py"))
PACKAGES = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))


def _files_of(name: str) -> Iterator[Path]:
    yield from (ROOT / name).rglob("*.py") if name in PACKAGES else [ROOT / f"{name}.py"]


def _imports_of(name: str) -> set[str]:
    """Return the packages and modules of ours that one imports anywhere."""
    found: set[str] = set()
    for path in _files_of(name):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=names):
                    found.update(alias.name.partition(".")[0] for alias in names)
                case ast.ImportFrom(module=str(module)):
                    found.add(module.partition(".")[0])
    return found & {*FILES, *PACKAGES} - {name}


def test_no_module_of_one_file_is_reached_from_what_it_imports() -> None:
    imports = {name: _imports_of(name) for name in (*FILES, *PACKAGES)}
    for name in FILES:
        reached, waiting = set[str](), set(imports[name])
        while waiting:
            one = waiting.pop()
            reached.add(one)
            waiting |= imports[one] - reached
        assert name not in reached, f"{name}.py is imported again by what it imports"
