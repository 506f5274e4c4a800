"""The walk in docs/architecture.md is true: files, functions and layers."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, rows, section

PAGE = ROOT / "docs" / "architecture.md"
NAMED_WITH_FILE = re.compile(
    r"((?:`\w+`,\s+)*`\w+`)\s+(?:in|of)\s+\[[^\]]*\]\(\.\./([\w/.]+\.py)\)"
)
NAME = re.compile(r"(?<!\[)`([a-z_]\w*)`")
FILE = re.compile(r"\]\(\.\./([\w/.]+\.py)\)")
PACKAGES = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench", "torture"}


def _defined(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def _pairs() -> list[tuple[str, str]]:
    found = NAMED_WITH_FILE.findall(PAGE.read_text())
    return [(name, file) for names, file in found for name in re.findall(r"`(\w+)`", names)]


def test_every_function_named_with_its_file_is_defined_there() -> None:
    pairs = _pairs()
    assert len(pairs) > 40
    missing = [(name, file) for name, file in pairs if name not in _defined(file)]
    assert missing == []


@pytest.mark.parametrize(
    "heading",
    [
        "## One text, from webhook to reply",
        "## Transfer, close, rating",
        "## Where each promise is kept",
    ],
)
def test_every_other_name_stands_in_a_file_linked_beside_it(heading: str) -> None:
    for paragraph in re.split(r"\n\n|\n(?=\|)", section(PAGE, heading)):
        code = "\n".join((ROOT / file).read_text() for file in FILE.findall(paragraph))
        for name in NAME.findall(paragraph):
            assert re.search(rf"\b{name}\b", code), f"{name} is not in the files of: {paragraph}"


def _table() -> dict[str, str]:
    return {
        folder.strip("`/"): may_import
        for folders, _, may_import in rows(section(PAGE, "## Folders and layers"))
        for folder in folders.split(", ")
    }


def test_the_table_has_every_folder() -> None:
    assert set(_table()) >= PACKAGES | {
        "tests",
        "bench",
        "torture",
        "worker.py",
        "settings.py",
        "runtime.runtime/logs.py",
    }


def _imported(package: str) -> set[str]:
    names: set[str] = set()
    for file in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            if isinstance(node, ast.ImportFrom):
                names.add(node.module or "")
    ours = PACKAGES | {"settings", "logs", "worker", "tests", "bench", "torture"}
    return {name.partition(".")[0] for name in names} & ours - {package}


IN_PLACES = {"workflows": {"activities"}, "providers": {"simulator"}}
"""Workflows know the names of activities, and only a provider's simulator knows the carrier."""


@pytest.mark.parametrize("package", sorted(PACKAGES - {"cli"}))
def test_a_folder_imports_what_the_table_says_and_the_linter_allows_it(package: str) -> None:
    told = set(re.findall(r"`(\w+)`", _table()[package]))
    assert _imported(package) == told
    assert told & _forbidden(package) <= IN_PLACES.get(package, set())


def _forbidden(package: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    return {
        module
        for contract in contracts
        if package in contract["source_modules"]
        for module in contract["forbidden_modules"]
    }


def test_nobody_imports_the_command_line_the_tests_or_the_bench() -> None:
    for package in PACKAGES - {"cli"}:
        assert not _imported(package) & {"cli", "tests", "bench", "torture"}


def test_the_picture_names_folders_that_exist() -> None:
    for folder in ("api/webhooks", "intake", "routing", "providers"):
        assert folder in PAGE.read_text()
        assert Path(ROOT / folder).is_dir()
