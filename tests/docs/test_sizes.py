"""Files and functions stay as small as CONTRIBUTING.md says."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.docs.pages import ROOT

GENERATED = ("clients", "python", "switchboard_client")
LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 40


def _code() -> Iterator[Path]:
    for file in ROOT.rglob("*.py"):
        folders = file.relative_to(ROOT).parts[:-1]
        if folders[:3] == GENERATED and file.stem in ("client", "models", "problems"):
            continue
        if "migrations" not in folders and not any(name.startswith(".") for name in folders):
            yield file


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {str(file): len(file.read_text().splitlines()) for file in _code()}
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    too_long = [
        f"{file}:{node.lineno} {node.name}"
        for file in _code()
        if "tests" not in file.parts  # a story may be long
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LINES_OF_A_FUNCTION
    ]
    assert too_long == []
