"""A batch whose database and workflow were restored to one moment reaches nobody twice."""

import pytest
from sqlalchemy import text as sql
from sqlalchemy import update

from database.restored import STATEMENTS
from database.tables import Batch
from domain.batches.moves import Move
from tests.fixtures.centre import Centre, eventually, working
from tests.workflows.test_batches import (
    NUMBERS,
    Sending,
    cannot_look_up,
    has_ended,
    put_back,
    sending,
    set_pace,
)
from workflows.batches.messages import WORKFLOW, BatchRun, workflow_id

__all__ = ["sending"]

ONCE = [1] * len(NUMBERS)


async def test_a_batch_whose_workflow_was_restored_as_well_reaches_nobody_twice(
    sending: Sending,
) -> None:
    await is_sent(sending)
    await put_both_back(sending)
    async with working(sending.centre):
        await sending.when("done")
    await eventually(lambda: all_are_known(sending))
    assert await sending.texts() == ONCE


async def test_a_draft_that_was_sent_since_the_backup_reaches_nobody_twice(
    sending: Sending,
) -> None:
    await is_sent(sending)
    await put_back(sending.centre)
    async with sending.centre.sessions.begin() as session:
        await session.execute(update(Batch).values(status="draft", started_at=None, due_at=None))
    await forget(sending.centre)
    async with working(sending.centre):
        await sending.move(Move.start)
        await sending.when("done")
    await eventually(lambda: all_are_known(sending))
    assert await sending.texts() == ONCE


async def test_texts_of_a_batch_restored_with_its_workflow_are_unconfirmed_without_a_list(
    sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    cannot_look_up(monkeypatch)
    await is_sent(sending)
    await put_both_back(sending)
    async with working(sending.centre):
        await sending.when("done")
    await eventually(lambda: all_are_unconfirmed(sending))
    assert await sending.texts() == ONCE


async def is_sent(sending: Sending) -> None:
    await set_pace(sending.centre, 1000)
    async with working(sending.centre):
        await sending.move(Move.start)
        await sending.when("done")
        await eventually(lambda: has_ended(sending))
    assert await sending.texts() == ONCE


async def put_both_back(sending: Sending) -> None:
    """Put both databases back to the batch's start, and do what the runbook says."""
    await put_back(sending.centre)
    await forget(sending.centre)
    # A workflow that knows no more than the rows, as one does that was restored with them.
    await sending.centre.client.start_workflow(
        WORKFLOW,
        BatchRun(batch_id=sending.batch_id, settled=0),
        id=workflow_id(sending.batch_id),
        task_queue=sending.centre.conversations.task_queue,
    )


async def forget(centre: Centre) -> None:
    async with centre.sessions.begin() as session:
        for statement in STATEMENTS:
            await session.execute(sql(statement))


async def all_are_known(sending: Sending) -> bool:
    return (await sending.progress()).figures.left == len(NUMBERS)


async def all_are_unconfirmed(sending: Sending) -> bool:
    async with sending.centre.sessions() as session:
        known = "SELECT count(*) FROM message WHERE failure_code = 'unconfirmed'"
        found: int | None = await session.scalar(sql(known))
        return found == len(NUMBERS)
