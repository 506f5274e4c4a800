"""docs/operations.md knows every event that is logged."""

import ast
import re

from tests.docs.pages import ROOT, prose, rows, section
from workflows.exports.schedules import PREFIX
from workflows.maintenance.messages import CATCH_UP_SCHEDULES, PLANS

PAGE = ROOT / "docs" / "operations.md"
NO_RUNBOOKS = {
    "Processes",
    "What strangers may send",
    "The media store",
    "Log-in attempts",
    "With Docker Compose",
    "The image",
    "With Kubernetes",
    "With systemd",
    "Temporal Cloud",
    "Traces",
    "What healthy looks like",
    "What stays of an erased number",
    "Scaling",
    "Logs",
    "Metrics",
    "Runbooks",
}
"""Sections that tell how things are. Every other one tells what to do, and a test does it."""
PLAYED = re.compile(r"\]\(\.\./(tests/[\w/]+\.py)\)")
HEADING = re.compile(r"^##+ (.+)$", re.MULTILINE)
ALERT = re.compile(r"Switchboard[A-Z]")
"""What to do about an alert; tests/monitoring holds these sections and the alerts together."""
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


def _named_tasks(code: str) -> set[str]:
    """Return the names under which functions of this code hand tasks over to be kept running."""
    dicts: list[ast.expr] = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "together":
            dicts += node.args
        if isinstance(node, ast.FunctionDef) and ast.unparse(node.returns or node) == "Tasks":
            values = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
            dicts += [one.body if isinstance(one, ast.IfExp) else one for one in values if one]
    keys = [key for one in dicts if isinstance(one, ast.Dict) for key in one.keys]
    return {str(key.value) for key in keys if isinstance(key, ast.Constant)}


def test_every_task_that_a_worker_runs_is_in_the_table_and_no_other() -> None:
    listed = rows(section(PAGE, "## Processes").partition("### ")[0])
    told = {name for cell, *_ in listed for name in re.findall(r"`([\w/<>]+)`", cell)}
    schedules = {name for name in told if "/" in name}
    run = [_named_tasks((ROOT / name).read_text()) for name in ("worker.py", "runtime/metrics.py")]
    assert told - schedules == run[0] | run[1]
    assert {f"{PREFIX}<id>", f"{CATCH_UP_SCHEDULES}<connector>"} <= schedules
    assert {plan.schedule_id for plan in PLANS} <= schedules


def test_search_attributes_are_named() -> None:
    from workflows.search_attributes import ALL

    for key in ALL:
        assert f"`{key.name}`" in PAGE.read_text()


def test_each_runbook_is_played_by_a_test() -> None:
    listed = rows(section(PAGE, "## Runbooks"))
    named = {name for runbook, *_ in listed for name in re.findall(r"\[([^\]]+)\]", runbook)}
    told = {name for name in HEADING.findall(prose(PAGE)) if not ALERT.match(name)}
    assert named == told - NO_RUNBOOKS
    for runbook, where, plays in listed:
        code = "".join((ROOT / file).read_text() for file in PLAYED.findall(where))
        tests = re.findall(r"`(\w+)`", plays)
        assert tests, runbook
        for name in tests:
            assert f"def {name}(" in code, f"{runbook}: {name}"
