"""The workflow's command sequence, kept beside the code: a change to it is never by accident."""

import ast
import difflib
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BASELINE = Path(__file__).with_name("fingerprint.json")
SDK = frozenset(
    {
        *("execute_activity", "start_activity", "execute_local_activity", "start_local_activity"),
        *("wait_condition", "sleep", "wait", "as_completed", "gather", "create_task", "shield"),
        *("continue_as_new", "patched", "deprecate_patch", "uuid4", "uuid7", "random"),
        *("upsert_search_attributes", "upsert_memo", "start_child_workflow"),
        *("execute_child_workflow", "update", "signal", "query", "defn"),
    }
)
"""Calls of Temporal and asyncio that write a command into history or take part of its order."""
POLICIES = frozenset({"RetryPolicy", "timedelta"})
"""What options are made of: kept where a module names them."""

Fingerprint = dict[str, dict[str, list[str]]]


def sources() -> dict[str, str]:
    """Return the text of every module that workflows run, by its path."""
    found = sorted((ROOT / "workflows").rglob("*.py"))
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in found}


def fingerprint(files: dict[str, str]) -> Fingerprint:
    """Return the calls that write commands, by file and function, whole: with their arguments."""
    trees = {name: ast.parse(text) for name, text in files.items()}
    issuing = SDK | _issuing(trees)
    found = {name: commands_of(tree, issuing) for name, tree in trees.items()}
    return {name: functions for name, functions in found.items() if functions}


def commands_of(tree: ast.Module, issuing: frozenset[str]) -> dict[str, list[str]]:
    """Return the commands each function calls, in order of the text, and the options by name."""
    found = {function.name: _calls(function, issuing) for function in _functions(tree)}
    found["(options)"] = _options(tree)
    return {name: calls for name, calls in found.items() if calls}


def _issuing(trees: dict[str, ast.Module]) -> frozenset[str]:
    """Return the names of our own functions that issue a command, however far down."""
    calls: dict[str, set[str]] = defaultdict(set)  # one name may stand in several modules
    for tree in trees.values():
        for function in _functions(tree):
            calls[function.name] |= {_name(call) for call in _called(function)}
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(name for name, called in calls.items() if called & (SDK | found))
        if more <= found:
            return found
        found |= more


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _calls(function: ast.FunctionDef | ast.AsyncFunctionDef, issuing: frozenset[str]) -> list[str]:
    return [ast.unparse(call) for call in _called(function) if _name(call) in issuing]


def _called(function: ast.AST) -> list[ast.Call]:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def _options(tree: ast.Module) -> list[str]:
    return [
        ast.unparse(node)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and _name(node.value) in POLICIES
    ]


def told(before: Fingerprint, after: Fingerprint) -> str:
    """Return what changed as a unified diff, with advice."""
    old, new = (json.dumps(one, indent=2).splitlines() for one in (before, after))
    diff = difflib.unified_diff(old, new, "open conversations", "this code", n=2, lineterm="")
    return "\n".join([*diff, "", ADVICE])


ADVICE = """\
The conversation workflow issues other commands than before, in another order, or with other
arguments. Conversations stay open for months, and a deploy replays them on this code.

- Another kind or order of commands, a command more or less: put the new way behind
  `if workflow.patched("..."):` and keep the old one until no conversation began on it.
- Only a time limit, a retry policy, a summary, or what an activity is given: replay does not
  compare these, so no `patched` is needed. The activity must take what old workers give it.
- Only a name or a line of Python, with the same commands: nothing is needed.

In each case run tests/workflows/test_replay.py first. If it passes, accept the change with
    python -m tests.workflows.test_fingerprint"""


def test_the_command_sequence_is_the_one_open_conversations_know() -> None:
    before, after = json.loads(BASELINE.read_text()), fingerprint(sources())
    if before != after:
        pytest.fail(told(before, after), pytrace=False)


STEP = """
TIMEOUT = timedelta(seconds=10)

async def journal(step):
    return await workflow.execute_local_activity("journal", step, start_to_close_timeout=TIMEOUT)

async def work_off(self):
    await journal(self.step)
    await workflow.sleep(TIMEOUT)
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"journal", step', '"journal", step.whole'),
        ("start_to_close", "schedule_to_close"),
        ("seconds=10", "seconds=11"),
        ("journal(self.step)", "journal(self.step, 2)"),
        ('"journal"', '"write"'),
    ],
)
def test_another_argument_or_option_of_a_command_is_seen(old: str, new: str) -> None:
    before, after = (fingerprint({"w.py": text}) for text in (STEP, STEP.replace(old, new)))
    assert before != after


def test_a_failure_shows_what_changed_and_says_what_to_do() -> None:
    swapped = STEP.replace('"journal", step', '"journal", step, 1')
    said = told(fingerprint({"w.py": STEP}), fingerprint({"w.py": swapped}))
    assert "\n-" in said
    assert "\n+" in said
    assert "workflow.patched" in said
    assert "python -m tests.workflows.test_fingerprint" in said


def test_every_module_that_issues_commands_is_covered() -> None:
    covered = {Path(name).stem for name in fingerprint(sources())}
    assert {"activities", "journalling", "steps", "under_way", "workflow"} <= covered


if __name__ == "__main__":
    BASELINE.write_text(json.dumps(fingerprint(sources()), indent=2) + "\n")
