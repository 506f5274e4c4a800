"""The rules are pure: no clock, no chance, no input or output in `domain/`."""

import ast
from pathlib import Path

import pytest

import domain

FOLDER = Path(domain.__file__).parent
MODULES = sorted(FOLDER.rglob("*.py"))

ALLOWED_IMPORTS = {
    *(
        "base64",
        "csv",
        "io",
        "binascii",
        "bisect",
        "collections",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "functools",
        "hashlib",
    ),
    *("itertools", "json", "math", "operator", "re", "typing", "unicodedata", "uuid", "zlib"),
    "urllib.parse",
    *("domain", "holidays", "idna", "ipaddress", "phonenumbers", "pydantic", "Stemmer", "zoneinfo"),
}
IMPURE_NAMES = {"uuid1", "uuid4", "uuid6", "uuid7", "getnode"}
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "__import__", "breakpoint"}
IMPURE_METHODS = {"now", "utcnow", "today"}


def _imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name if name in ALLOWED_IMPORTS else name.partition(".")[0] for name in names}


def _impurities(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(names=names):
                found += [alias.name for alias in names if alias.name in IMPURE_NAMES]
            case ast.Call(func=ast.Name(id=name)) if name in IMPURE_CALLS:
                found.append(name)
            case ast.Attribute(attr=name) if name in IMPURE_METHODS | IMPURE_NAMES:
                found.append(name)
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_module_of_the_rules_reads_no_clock_and_touches_nothing(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert _imported(tree) <= ALLOWED_IMPORTS
    assert _impurities(tree) == []


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime\nx = datetime.now(UTC)",
        "import datetime\nx = datetime.datetime.utcnow()",
        "from datetime import date\ntoday = date.today",
        "from uuid import uuid4",
        "import uuid\nx = uuid.uuid4()",
        "x = open('x')",
    ],
)
def test_the_check_sees_what_it_looks_for(code: str) -> None:
    assert _impurities(ast.parse(code))


@pytest.mark.parametrize("name", ["os", "time", "random", "asyncio", "socket", "os.path"])
def test_modules_of_the_world_are_not_allowed(name: str) -> None:
    assert not _imported(ast.parse(f"import {name}")) <= ALLOWED_IMPORTS
    assert not _imported(ast.parse(f"from {name} import x")) <= ALLOWED_IMPORTS
