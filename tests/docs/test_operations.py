"""docs/operations.md knows every event that is logged."""

import ast
import re

from tests.docs.pages import ROOT, rows, section

PAGE = ROOT / "docs" / "operations.md"
LOGS = re.compile(r"(?:^|\.)(?:log|logger)$")
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def _events() -> set[str]:
    found: set[str] = set()
    for file in ROOT.glob("*/**/*.py"):
        if not {".venv", "tests", "bench", "simulator", "torture"} & set(file.parts):
            found |= _events_in(file.read_text())
    for file in ROOT.glob("*.py"):
        found |= _events_in(file.read_text())
    return found


def _events_in(code: str) -> set[str]:
    return {
        str(node.args[0].value)
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LEVELS
        and LOGS.search(ast.unparse(node.func.value))
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_logged_event_is_in_the_table_and_no_other() -> None:
    told = {
        name
        for events, *_ in rows(section(PAGE, "## Logs"))
        for name in re.findall(r"`(\w+)`", events)
    }
    assert told == _events()


def test_search_attributes_are_named() -> None:
    from workflows.search_attributes import ALL

    for key in ALL:
        assert f"`{key.name}`" in PAGE.read_text()
