"""The walk in docs/architecture.md is true: files, functions and layers."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, section

PAGE = ROOT / "docs" / "architecture.md"
NAMED_WITH_FILE = re.compile(
    r"((?:`\w+`,\s+)*`\w+`)\s+(?:in|of)\s+\[[^\]]*\]\(\.\./([\w/.]+\.(?:py|js))\)"
)
NAME = re.compile(r"(?<!\[)`([A-Za-z_]\w*)`")
FILE = re.compile(r"\]\(\.\./([\w/.]+\.(?:py|js))\)")
PACKAGES = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench", "torture"}


def _defined(file: str) -> set[str]:
    text = (ROOT / file).read_text()
    if file.endswith(".js"):
        return set(
            re.findall(
                r"^ *(?:async )?(?:(?:export )?(?:function|const) )?(\w+)(?:\(| =)",
                text,
                re.MULTILINE,
            )
        )
    tree = ast.parse(text)
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
        "## Adding to it",
        "## Transfer, close, rating",
        "## Where each promise is kept",
    ],
)
def test_every_other_name_stands_in_a_file_linked_beside_it(heading: str) -> None:
    for paragraph in re.split(r"\n\n|\n(?=\|)", section(PAGE, heading)):
        code = "\n".join((ROOT / file).read_text() for file in FILE.findall(paragraph))
        for name in NAME.findall(paragraph):
            assert re.search(rf"\b{name}\b", code), f"{name} is not in the files of: {paragraph}"


def _contract(identity: str) -> list[list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    [layers] = [one["layers"] for one in contracts if one["id"] == identity]
    return [sorted(layer.split(" | ")) for layer in layers]


def _told(heading: str) -> list[list[str]]:
    """Return the first column of a table, row by row."""
    [table] = re.findall(rf"\| {heading} \|.*\n\| --- .*\n((?:\|.*\n)+)", PAGE.read_text())
    first = [row.split("|")[1] for row in table.splitlines()]
    return [sorted(re.findall(r"`([a-z_]+)(?:/|\.py)`", cell)) for cell in first]


def test_the_tables_show_the_layers_as_the_linter_holds_them() -> None:
    assert _told("folder") == _contract("layers")
    assert _told("room of `domain/`") == _contract("rooms")


def test_every_folder_is_told_of() -> None:
    told = section(PAGE, "## Folders and layers")
    assert [name for name in sorted(PACKAGES) if f"`{name}/`" not in told] == []


def test_every_room_of_the_rules_is_told_of() -> None:
    rooms = {path.stem for path in (ROOT / "domain").iterdir() if not path.name.startswith("__")}
    assert rooms == {name for layer in _told("room of `domain/`") for name in layer}


def test_the_picture_names_folders_that_exist() -> None:
    for folder in ("api/webhooks", "ingress", "routing", "providers"):
        assert folder in PAGE.read_text()
        assert Path(ROOT / folder).is_dir()
