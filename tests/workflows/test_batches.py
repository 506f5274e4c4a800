"""The workflow of a batch: it ends with its last text, and goes on after every stop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import delete, update
from temporalio.client import WorkflowExecutionStatus

from database.tables import Batch, BatchRecipient, Invitation, Line, Message
from domain.batches.moves import Move
from outgoing.standalone import Standalone
from routing.batches import BatchWatch
from runtime.tasks import running
from services.backends import Backends
from services.caller import Caller
from services.notifying import batches, recipients, results
from services.notifying.inputs import NewBatch, RecipientIn
from services.notifying.results import Progress
from temporal.batches import BatchClient
from tests.fixtures.brand import new_thread
from tests.fixtures.centre import Centre, eventually, working
from tests.services.callers import person
from workers.parts import create_sender
from workflows.batches.messages import workflow_id

NUMBERS = [f"+155501013{i:02}" for i in range(12)]


@dataclass
class Sending:
    """A batch of a centre whose workers send it."""

    centre: Centre
    batch_id: UUID

    async def move(self, move: Move) -> None:
        backends = Backends(self.centre.sessions, self.centre.conversations)
        await batches.move(self.mia, backends, self.batch_id, move)

    @property
    def mia(self) -> Caller:
        return person(self.centre.brand.account_id, self.centre.brand.mia)

    async def progress(self) -> Progress:
        async with self.centre.sessions.begin() as session:
            return await results.progress(self.mia, session, self.batch_id)

    async def when(self, status: str) -> Progress:
        async def stands() -> Progress | None:
            shown = await self.progress()
            return shown if shown.batch.status == status else None

        shown = await eventually(stands)
        assert shown is not None
        return shown

    async def state(self) -> WorkflowExecutionStatus | None:
        handle = self.centre.client.get_workflow_handle(workflow_id(self.batch_id))
        return (await handle.describe()).status

    async def texts(self) -> list[int]:
        return [len(await self.centre.phone(number)) for number in NUMBERS]


@pytest.fixture
async def sending(idle_centre: Centre, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sending]:
    """A batch to twelve phones in draft, and what sends texts without a conversation."""
    # Where a busy machine sends nothing for a while, the batch is not put off by a minute.
    monkeypatch.setattr("activities.batches.LOOKS_AGAIN", 1.0)
    batch_id = await new_batch(idle_centre)
    async with sending_standalone(idle_centre):
        yield Sending(idle_centre, batch_id)


async def new_batch(centre: Centre) -> UUID:
    """Return a draft to twelve phones."""
    mia = person(centre.brand.account_id, centre.brand.mia)
    async with centre.sessions.begin() as session:
        new = NewBatch(
            title="Spring", line=centre.brand.line_id, text="Hi!", skill=centre.brand.sales
        )
        made = await batches.create(mia, session, new)
    rows = [RecipientIn(number=number) for number in NUMBERS]
    await recipients.add(mia, centre.sessions, made.batch.id, rows)
    return made.batch.id


@asynccontextmanager
async def sending_standalone(centre: Centre) -> AsyncIterator[None]:
    """Send texts without a conversation for the length of a block."""
    sender = create_sender(centre.settings, centre.sessions, centre.http)
    async with running(standalone=Standalone(centre.sessions, sender).run):
        yield


async def test_a_batch_is_paused_moves_to_another_worker_and_ends_with_its_last_text(
    sending: Sending,
) -> None:
    # Twelve texts in half a minute: the times that were given before the pause stay given.
    await set_pace(sending.centre, 0.4)
    async with working(sending.centre):
        await sending.move(Move.start)
        await eventually(lambda: some_wait(sending))
        await sending.move(Move.pause)
        assert (await sending.progress()).figures.queued == 0
        assert await sending.state() is WorkflowExecutionStatus.RUNNING
    await sending.move(Move.resume)
    await set_pace(sending.centre, 1000)
    async with working(sending.centre):
        shown = await sending.when("done")
        assert (shown.figures.done, shown.figures.recipients) == (12, 12)
        await eventually(lambda: has_ended(sending))
        assert await sending.texts() == [1] * 12
        await a_reply_opens_a_conversation_that_shows_the_text(sending)


async def a_reply_opens_a_conversation_that_shows_the_text(sending: Sending) -> None:
    centre = sending.centre
    replying = centre.on(await new_thread(centre.sessions, centre.brand, NUMBERS[0]))
    await replying.text("Yes please")
    opened = await replying.when("waiting")
    assert opened.skill_id == centre.brand.sales
    shown = [message.text for message in await replying.transcript(opened.id)]
    assert shown[:2] == ["Hi!", "Yes please"]
    assert (await sending.progress()).figures.answered == 1


async def test_a_batch_whose_workflow_is_lost_is_woken_and_one_that_is_cancelled_ends(
    sending: Sending,
) -> None:
    centre = sending.centre
    await set_pace(centre, 0.05)
    async with centre.sessions.begin() as session:  # Temporal could not be reached
        await batches.move_stored(
            sending.mia, session, centre.sessions, sending.batch_id, Move.start
        )
    await watch(centre).wake_neglected()
    await is_late(centre)
    async with working(centre):
        await watch(centre).wake_neglected()
        await eventually(lambda: some_wait(sending))
        await sending.move(Move.cancel)
        await eventually(lambda: has_ended(sending))
    await eventually(lambda: all_have_come(sending))
    shown = await sending.progress()
    assert shown.figures.left_out + shown.figures.left == 12


@pytest.mark.parametrize("ended", ["", "/0"])
async def test_a_batch_whose_workflow_is_terminated_reaches_all_others_at_a_provider_without_a_list(
    sending: Sending, ended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cannot_look_up(monkeypatch)
    centre = sending.centre
    await set_pace(centre, 0.05)
    async with working(centre):
        await sending.move(Move.start)
        await eventually(lambda: some_wait(sending))
        # As `doctor --heal` does with a batch or a slice whose tasks fail.
        await centre.conversations.terminate(workflow_id(sending.batch_id) + ended)
        await eventually(lambda: does_not_run(sending))
    await set_pace(centre, 1000)
    await is_late(centre)
    async with working(centre):
        await watch(centre).wake_neglected()
        await sending.when("done")
    await eventually(lambda: all_have_come(sending))
    assert await sending.texts() == [1] * 12


async def test_a_batch_that_was_paused_and_whose_workflow_is_terminated_goes_on_when_it_is_resumed(
    sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    cannot_look_up(monkeypatch)
    centre = sending.centre
    await set_pace(centre, 0.05)
    async with working(centre):
        await sending.move(Move.start)
        await eventually(lambda: some_wait(sending))
        await sending.move(Move.pause)
        await centre.conversations.terminate(workflow_id(sending.batch_id))
    await set_pace(centre, 1000)
    async with working(centre):
        await sending.move(Move.resume)
        await sending.when("done")
    await eventually(lambda: all_have_come(sending))
    assert await sending.texts() == [1] * 12


async def test_a_batch_that_is_started_while_temporal_is_away_reaches_all_once_it_is_back(
    sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    cannot_look_up(monkeypatch)
    centre = sending.centre
    await set_pace(centre, 1000)
    async with centre.sessions.begin() as session:
        await batches.move_stored(
            sending.mia, session, centre.sessions, sending.batch_id, Move.start
        )
    await is_late(centre)
    async with working(centre):
        await watch(centre).wake_neglected()
        await sending.when("done")
    await eventually(lambda: all_have_come(sending))
    assert await sending.texts() == [1] * 12


async def test_a_batch_with_a_landline_reaches_all_others_at_a_provider_without_a_list(
    sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    cannot_look_up(monkeypatch)
    centre = sending.centre
    await set_pace(centre, 1000)
    landline = [RecipientIn(number="+4930901820")]
    await recipients.add(sending.mia, centre.sessions, sending.batch_id, landline)
    async with working(centre):
        await sending.move(Move.start)
        await sending.when("done")
    await eventually(lambda: all_have_come(sending))
    assert await sending.texts() == [1] * 12


async def test_a_batch_whose_workflow_is_terminated_after_a_restore_reaches_nobody_twice(
    sending: Sending,
) -> None:
    centre = sending.centre
    async with working(centre):
        await set_pace(centre, 0.6)  # after the first two, there is a quarter of a minute to pause
        await sending.move(Move.start)
        await eventually(lambda: all_but_some_have_left(sending))
        await sending.move(Move.pause)  # what a stretch has done is then known to its workflow
        await eventually(lambda: all_have_come(sending))
        await eventually(lambda: has_heard(sending))
        await centre.conversations.terminate(workflow_id(sending.batch_id))
        await put_back(centre)
        await set_pace(centre, 1000)
        await watch(centre).wake_neglected()
        await sending.when("done")
    await eventually(lambda: all_have_come(sending))
    assert await sending.texts() == [1] * 12


async def test_a_batch_that_had_ended_before_its_database_was_restored_reaches_nobody_twice(
    sending: Sending,
) -> None:
    centre = sending.centre
    await set_pace(centre, 1000)
    async with working(centre):
        await sending.move(Move.start)
        await sending.when("done")
        await eventually(lambda: has_ended(sending))
        await put_back(centre)
        await watch(centre).wake_neglected()
        shown = await sending.when("done")
    assert (shown.figures.done, shown.figures.recipients) == (12, 12)
    assert await sending.texts() == [1] * 12


async def test_a_batch_that_was_cancelled_before_its_database_was_restored_stays_cancelled(
    sending: Sending,
) -> None:
    centre = sending.centre
    await set_pace(centre, 0.05)
    async with working(centre):
        await sending.move(Move.start)
        await eventually(lambda: some_wait(sending))
        await sending.move(Move.cancel)
        await eventually(lambda: has_ended(sending))
        await eventually(lambda: all_have_come(sending))
        texts = await sending.texts()
        await put_back(centre)
        await watch(centre).wake_neglected()
    shown = await sending.progress()
    assert (shown.batch.status, shown.figures.left_out) == ("cancelled", 12)
    assert await sending.texts() == texts


def cannot_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the provider list no texts, as Telnyx and OpenMarket do not."""
    monkeypatch.setattr("outgoing.connectors.OpenConnector.lists_texts", property(lambda _: False))


async def is_late(centre: Centre) -> None:
    """Let so much time pass that the batch has been neglected."""
    async with centre.sessions.begin() as session:
        await session.execute(update(Batch).values(due_at=Batch.started_at))


async def does_not_run(sending: Sending) -> bool:
    return await sending.state() is not WorkflowExecutionStatus.RUNNING


async def all_but_some_have_left(sending: Sending) -> bool:
    return (await sending.progress()).figures.left >= 2


async def has_heard(sending: Sending) -> bool:
    """Say whether the batch's workflow knows of the pause, and waits."""
    client = sending.centre.client
    history = await client.get_workflow_handle(workflow_id(sending.batch_id)).fetch_history()
    return any(
        one.HasField("child_workflow_execution_completed_event_attributes")
        for one in history.events
    )


async def all_have_come(sending: Sending) -> bool:
    """Say whether as many texts are on phones as have left; one may still be on its way."""
    shown = await sending.progress()
    return sum(await sending.texts()) == shown.figures.left


async def put_back(centre: Centre) -> None:
    """Put the database back to the moment after the batch's start."""
    async with centre.sessions.begin() as session:
        for table in (Invitation, Message):
            await session.execute(delete(table))
        back = {"status": "waiting", "message_id": None, "left_out": None}
        await session.execute(update(BatchRecipient).values(**back))
        due = {"status": "running", "due_at": Batch.started_at, "ended_at": None}
        await session.execute(update(Batch).values(**due))


def watch(centre: Centre) -> BatchWatch:
    client = BatchClient(centre.client, centre.conversations.task_queue)
    return BatchWatch(centre.sessions, client)


async def set_pace(centre: Centre, pace: float) -> None:
    async with centre.sessions.begin() as session:
        line = update(Line).where(Line.id == centre.brand.line_id)
        await session.execute(line.values(segments_per_second=pace))


async def some_wait(sending: Sending) -> bool:
    return (await sending.progress()).figures.queued > 0


async def has_ended(sending: Sending) -> bool:
    return await sending.state() is WorkflowExecutionStatus.COMPLETED
