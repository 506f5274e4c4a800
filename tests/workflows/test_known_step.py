"""Asking a workflow what it knows leaves no trace in it."""

import ast
from functools import partial
from pathlib import Path

from temporal.states import known_step
from tests.fixtures.centre import Centre, eventually
from tests.workflows.test_purity import ROOT
from workflows.conversation.messages import KnownStep

OURS = tuple(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")


async def test_a_workflow_tells_its_newest_step_and_its_history_stays_as_it_is(
    centre: Centre,
) -> None:
    assert await known_step(centre.client, centre.thread.workflow_id) is None, "no workflow"
    await centre.text("hello")
    await centre.when("waiting")
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)
    before = await eventually(partial(_length, centre))
    row = await centre.conversation()
    known = await known_step(centre.client, centre.thread.workflow_id)
    assert known == KnownStep(conversation_id=str(row.id), sequence=row.sequence)
    assert await eventually(partial(_length, centre)) == before
    await handle.terminate()
    assert await known_step(centre.client, centre.thread.workflow_id) is None


async def _length(centre: Centre) -> int:
    """Return how long the history is; 0 while a task or a send is under way."""
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)
    seen = await handle.describe()
    told = seen.raw_description
    is_busy = told.HasField("pending_workflow_task") or told.pending_activities
    return 0 if is_busy else seen.history_length


def test_nothing_of_ours_asks_a_workflow_by_a_query() -> None:
    """A busy worker may take one for a workflow task, and then writes what does not replay."""
    assert len(OURS) > 20
    paths = [path for name in OURS for path in (ROOT / name).rglob("*.py")]
    assert [str(path.relative_to(ROOT)) for path in paths if _asks_by_query(path)] == []


def _asks_by_query(path: Path) -> bool:
    calls = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    asked = (call.value for call in calls if isinstance(call, ast.Await))
    return any(
        isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and one.func.attr == "query"
        for one in asked
    )
