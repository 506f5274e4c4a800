"""The workflow's command sequence, kept beside the code: a change to it is never by accident."""

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = (
    "workflows/conversation/workflow.py",
    "workflows/conversation/steps.py",
    "workflows/conversation/journalling.py",
    "workflows/conversation/activities.py",
)
BASELINE = Path(__file__).with_name("fingerprint.json")
COMMANDS = {
    "execute_activity",
    "execute_local_activity",
    "wait_condition",
    "sleep",
    "continue_as_new",
    "patched",
    "deprecate_patch",
    "uuid4",
    "uuid7",
    "random",
    "follow",
    "upsert_search_attributes",
    "upsert_memo",
    "start_child_workflow",
    "execute_child_workflow",
    "journal",
    "load_opening",
    "load_policy",
    "look",
    "mend",
    "send",
    "write",
}
"""Calls that write a command into history or take part of its order."""


def commands_of(source: str) -> dict[str, list[str]]:
    """Return the commands each function calls, in order of the text."""
    functions = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    found = {function.name: _calls(function) for function in functions}
    return {name: calls for name, calls in found.items() if calls}


def _calls(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    names = [call.func.attr for call in calls if isinstance(call.func, ast.Attribute)]
    return [name for name in names if name in COMMANDS]


def fingerprint() -> dict[str, dict[str, list[str]]]:
    return {name: commands_of((ROOT / name).read_text()) for name in SOURCES}


def test_the_command_sequence_is_the_one_open_conversations_know() -> None:
    if fingerprint() == json.loads(BASELINE.read_text()):
        return
    pytest.fail(
        "The conversation workflow calls other commands, or in another order, than before. A "
        "deploy would stop conversations that are open, some of them for months. If replay tests "
        "cover the change and pass, or it stands behind workflow.patched(), accept it with: "
        "python -m tests.workflows.test_fingerprint"
    )


if __name__ == "__main__":
    BASELINE.write_text(json.dumps(fingerprint(), indent=2) + "\n")
