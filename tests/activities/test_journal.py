"""The journal follows a conversation: each step once, never backwards, whatever is repeated."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from temporalio.testing import ActivityEnvironment

from activities.contract import Journalled, OpeningRequest, PolicyRequest, Step
from activities.journal import Journal
from database.engine import Sessions
from database.tables import Conversation, Event, Message, QueueEntry
from domain.conversation import Conversation as Core
from domain.inputs import Identity, IncomingText, Person, begin
from domain.state import ConsumerFacts
from domain.words import Role
from tests.fixtures.brand import Brand, new_thread
from workflows.conversations import Thread

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Writer:
    """Plays a conversation and journals its steps as the workflow does."""

    def __init__(self, journal: Journal, thread: Thread, core: Core) -> None:
        self.journal = journal
        self.thread = thread
        self.core = core

    def step(self) -> Step:
        effects = self.core.take_effects()
        self.core.state.sequence += 1
        state = self.core.state.model_copy(deep=True)
        return Step(workflow_id=self.thread.workflow_id, conversation=state, effects=effects)

    async def write(self, step: Step) -> Journalled:
        return await ActivityEnvironment().run(self.journal.journal, step)


@pytest.fixture
async def writer(session_factory: Sessions, brand: Brand) -> Writer:
    thread = await new_thread(session_factory, brand)
    return await opened(Journal(session_factory), thread)


async def opened(journal: Journal, thread: Thread) -> Writer:
    """Return a conversation whose first text was taken and not journalled yet."""
    request = OpeningRequest(
        account_id=thread.account_id, line_id=thread.line_id, consumer_id=thread.consumer_id
    )
    opening = await ActivityEnvironment().run(journal.load_opening, request)
    identity = Identity(str(uuid4()), thread.account_id, thread.line_id, thread.consumer_id)
    state = begin(identity, opening.policy, opening.consumer, "consumer", NOW)
    core = Core(state, opening.policy)
    core.opened_by_consumer(IncomingText(str(uuid4()), "hello"), ConsumerFacts(), NOW)
    return Writer(journal, thread, core)


async def count(sessions: Sessions, table: type[Event | Message | QueueEntry]) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_a_step_journalled_twice_stands_once(
    writer: Writer, session_factory: Sessions
) -> None:
    step = writer.step()
    first, second = await writer.write(step), await writer.write(step)
    assert (first.is_new, second.is_new) == (True, False)
    messages = [e for e in step.effects if e.effect == "message"]
    assert await count(session_factory, Message) == len(messages)
    assert await count(session_factory, Event) == len(step.effects)


async def test_a_step_decided_again_with_a_text_that_came_since_keeps_that_text(
    writer: Writer, session_factory: Sessions
) -> None:
    """Its worker died after the journal entry and before Temporal knew of it."""
    first = writer.step()
    await writer.write(first)
    later = str(uuid4())
    writer.core.consumer_texted(IncomingText(later, "are you there?"), NOW)
    again = writer.step()
    together = again.model_copy(
        update={
            "conversation": again.conversation.model_copy(update={"sequence": 1}),
            "effects": [*first.effects, *again.effects],
        }
    )
    assert not (await writer.write(together)).is_new
    async with session_factory() as session:
        texts = list(
            await session.scalars(select(Message.text).where(Message.author == "consumer"))
        )
    assert sorted(texts) == ["are you there?", "hello"]


async def test_an_older_step_that_comes_late_changes_nothing(
    writer: Writer, session_factory: Sessions, brand: Brand
) -> None:
    first = writer.step()
    await writer.write(first)
    writer.core.queue.assigned(1, brand.ann.agent_id, "Ann", NOW)
    await writer.write(writer.step())
    await writer.write(first)
    async with session_factory() as session:
        row = (await session.scalars(select(Conversation))).one()
    assert (row.status, row.agent_id, row.sequence) == ("assigned", brand.ann.agent_id, 2)
    assert await count(session_factory, QueueEntry) == 0


async def test_a_conversation_stands_in_the_queue_exactly_while_it_waits(
    writer: Writer, session_factory: Sessions, brand: Brand
) -> None:
    await writer.write(writer.step())
    assert await count(session_factory, QueueEntry) == 1
    writer.core.queue.assigned(1, brand.ann.agent_id, "Ann", NOW)
    await writer.write(writer.step())
    assert await count(session_factory, QueueEntry) == 0
    ann = Person(brand.ann.agent_id, "Ann", Role.agent)
    writer.core.transfers.to_queue(ann, None, "k", NOW)
    await writer.write(writer.step())
    async with session_factory() as session:
        entry = (await session.scalars(select(QueueEntry))).one()
    assert (entry.ticket, entry.avoided_agent_id) == (2, brand.ann.agent_id)
    assert entry.assigned_agent_id is None


async def test_a_new_conversation_closes_one_whose_workflow_an_operator_terminated(
    writer: Writer, session_factory: Sessions
) -> None:
    await writer.write(writer.step())
    left = UUID(writer.core.state.id)
    again = await opened(writer.journal, writer.thread)
    await again.write(again.step())
    async with session_factory() as session:
        row = await session.get(Conversation, left)
    assert row is not None
    assert (row.status, row.close_reason) == ("closed", "system")
    assert await count(session_factory, QueueEntry) == 1


async def test_a_text_that_stands_in_a_transcript_is_known(
    writer: Writer, session_factory: Sessions
) -> None:
    step = writer.step()
    await writer.write(step)
    [text] = [e for e in step.effects if e.effect == "message" and e.author == "consumer"]
    request = OpeningRequest(
        account_id=writer.thread.account_id,
        line_id=writer.thread.line_id,
        consumer_id=writer.thread.consumer_id,
        message_id=text.message_id,
    )
    opening = await ActivityEnvironment().run(writer.journal.load_opening, request)
    assert opening.is_known
    assert not opening.consumer.is_first


async def test_a_skill_of_another_account_has_no_policy_here(writer: Writer, brand: Brand) -> None:
    request = PolicyRequest(
        account_id=brand.account_id, line_id=brand.line_id, skill_id="somebody-elses"
    )
    with pytest.raises(Exception, match="unknown skill"):
        await ActivityEnvironment().run(writer.journal.load_policy, request)


async def test_what_time_is_going_to_do_stands_with_the_conversation(
    writer: Writer, session_factory: Sessions, brand: Brand
) -> None:
    await writer.write(writer.step())
    writer.core.queue.assigned(1, brand.ann.agent_id, "Ann", NOW)
    ann = Person(brand.ann.agent_id, "Ann", Role.agent)
    writer.core.replied(ann, "k", "Hello!", NOW)
    await writer.write(writer.step())
    async with session_factory() as session:
        row = (await session.scalars(select(Conversation))).one()
    assert row.language == "en"
    assert row.auto_close_at is not None
    assert row.deadlines["auto_close"] == row.auto_close_at.isoformat()
    assert row.counted_from["auto_close"] == NOW.isoformat()
