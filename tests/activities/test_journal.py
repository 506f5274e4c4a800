"""The journal follows a conversation: each step once, never backwards, whatever is repeated."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, select
from temporalio.testing import ActivityEnvironment

from activities.contract import (
    Held,
    Journalled,
    Opening,
    OpeningRequest,
    Outcome,
    PolicyRequest,
    Standing,
    Step,
)
from activities.journal import Journal
from database.engine import Sessions
from database.tables import Consumer, Conversation, Event, Message, QueueEntry
from domain.conversation import Conversation as Core
from domain.effects import Happened, MessageWritten
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
        self.policy_is_known = False

    def step(self, *, mends: bool = False) -> Step:
        effects = self.core.take_effects()
        self.core.state.sequence += 1
        state = self.core.state.model_copy(deep=True)
        return Step(
            workflow_id=self.thread.workflow_id,
            conversation=state,
            policy=self.core.policy if state.sequence == 1 or mends else None,
            effects=effects,
            held=self.holding(effects),
            mends=mends,
        )

    def holding(self, effects: Sequence[MessageWritten | Happened] = ()) -> Held:
        texts = [one.message_id for one in effects if isinstance(one, MessageWritten)]
        return Held(
            line_id=self.thread.line_id,
            consumer_id=self.thread.consumer_id,
            number=self.core.state.number,
            sequence=self.core.state.sequence,
            texts=tuple(texts),
            commands=tuple({one.command_key for one in effects if one.command_key}),
        )

    async def write(self, step: Step) -> Journalled:
        return await ActivityEnvironment().run(self.journal.journal, step)

    async def stands(self) -> Standing:
        return await ActivityEnvironment().run(self.journal.look, self.holding())

    def as_it_was(self) -> "Writer":
        """Return the same conversation as whoever decides the step again has it."""
        state = self.core.state.model_copy(deep=True)
        return Writer(self.journal, self.thread, Core(state, self.core.policy))

    def texted(self, text: str) -> str:
        message_id = str(uuid4())
        self.core.caused_by(message_id)
        self.core.consumer_texted(IncomingText(message_id, text), NOW)
        return message_id

    async def assigned(self, person: Person) -> None:
        self.core.caused_by("assigned")
        self.core.queue.assigned(self.core.state.ticket, person.agent_id, person.name, NOW)
        await self.write(self.step())

    def replied(self, person: Person, text: str, key: str) -> str:
        self.core.caused_by(key)
        return self.core.replied(person, text, key, NOW)


@pytest.fixture
async def writer(session_factory: Sessions, brand: Brand) -> Writer:
    thread = await new_thread(session_factory, brand)
    return await opened(Journal(session_factory), thread)


@pytest.fixture
def ann(brand: Brand) -> Person:
    return Person(brand.ann.agent_id, "Ann", Role.agent)


def nothing_held(thread: Thread) -> Held:
    return Held(line_id=thread.line_id, consumer_id=thread.consumer_id)


async def opening_of(journal: Journal, thread: Thread, **request: object) -> Opening:
    asked = OpeningRequest.model_validate(
        {"account_id": thread.account_id, "held": nothing_held(thread), **request}
    )
    return await ActivityEnvironment().run(journal.load_opening, asked)


async def opened(journal: Journal, thread: Thread) -> Writer:
    """Return a conversation whose first text was taken and not journalled yet."""
    terms = (await opening_of(journal, thread)).terms
    assert terms is not None
    ids = (thread.account_id, thread.line_id, thread.consumer_id)
    identity = Identity(str(uuid4()), *ids, number=terms.number)
    state = begin(identity, terms.policy, terms.consumer, "consumer", NOW)
    core = Core(state, terms.policy)
    core.opened_by_consumer(IncomingText(str(uuid4()), "hello"), ConsumerFacts(), NOW)
    return Writer(journal, thread, core)


async def count(sessions: Sessions, table: type[Event | Message | QueueEntry]) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def said(sessions: Sessions, author: str) -> list[str]:
    async with sessions() as session:
        query = select(Message.text).where(Message.author == author).order_by(Message.position)
        return list(await session.scalars(query))


async def test_a_step_journalled_twice_stands_once(
    writer: Writer, session_factory: Sessions
) -> None:
    step = writer.step()
    first, second = await writer.write(step), await writer.write(step)
    assert (first.outcome, second.outcome) == (Outcome.written, Outcome.decided)
    assert second.standing is not None
    assert second.standing.conversation == step.conversation
    messages = [e for e in step.effects if e.effect == "message"]
    assert await count(session_factory, Message) == len(messages)
    assert await count(session_factory, Event) == len(step.effects)


async def test_a_step_decided_again_from_more_input_is_the_one_that_stands(
    writer: Writer, session_factory: Sessions, ann: Person
) -> None:
    """The text that came since is not in it, and is left to the next step."""
    await writer.write(writer.step())
    await writer.assigned(ann)
    again = writer.as_it_was()
    writer.replied(ann, "One moment.", "key")
    decided = writer.step()
    await writer.write(decided)
    later = again.texted("are you there?")
    again.replied(ann, "One moment.", "key")
    done = await again.write(again.step())
    assert (done.outcome, done.standing and done.standing.conversation) == (
        Outcome.decided,
        decided.conversation,
    )
    assert done.standing is not None
    assert later not in done.standing.texts
    assert [one.key for one in done.standing.commands] == ["key"]
    assert await said(session_factory, "consumer") == ["hello"]
    assert await said(session_factory, "agent") == ["One moment."]


async def test_a_command_of_a_step_that_stands_is_answered_with_what_it_did(
    writer: Writer, ann: Person
) -> None:
    await writer.write(writer.step())
    await writer.assigned(ann)
    again = writer.as_it_was()
    message_id = writer.replied(ann, "Here you are.", "key")
    await writer.write(writer.step())
    again.replied(ann, "Here you are.", "key")
    done = await again.write(again.step())
    assert done.standing is not None
    [command] = done.standing.commands
    assert (command.message_id, command.conversation_id) == (message_id, writer.core.state.id)


async def test_a_writer_far_behind_is_told_the_newest_step_and_what_it_has_taken(
    writer: Writer, ann: Person
) -> None:
    """Its history was reset, or its server restored to an earlier time."""
    await writer.write(writer.step())
    behind = writer.as_it_was()
    await writer.assigned(ann)
    second, third = writer.texted("second"), writer.texted("third")
    await writer.write(writer.step())
    message_id = writer.replied(ann, "Both seen.", "key")
    await writer.write(writer.step())
    behind.core.state.message_count += 1
    behind.core.consumer_texted(IncomingText(second, "second"), NOW)
    step = behind.step()
    held = step.held.model_copy(update={"texts": (second, third, str(uuid4()))})
    done = await behind.write(step.model_copy(update={"held": held}))
    assert done.standing is not None
    assert set(done.standing.texts) == {second, third}
    assert done.standing.conversation == writer.core.state
    assert message_id in [text.message_id for text in done.standing.unsent]


async def test_a_text_that_was_taken_before_is_in_no_later_step(
    writer: Writer, session_factory: Sessions
) -> None:
    await writer.write(writer.step())
    text = writer.texted("once")
    await writer.write(writer.step())
    state = writer.core.state.model_copy(deep=True)
    writer.core.consumer_texted(IncomingText(text, "once"), NOW)
    done = await writer.write(writer.step())
    assert done.outcome is Outcome.decided
    assert done.standing is not None
    assert (done.standing.texts, done.standing.conversation) == ((text,), state)
    assert await said(session_factory, "consumer") == ["hello", "once"]


async def test_of_two_openings_at_once_one_is_the_opening(
    writer: Writer, session_factory: Sessions
) -> None:
    other = await opened(writer.journal, writer.thread)
    steps = [writer.step(), other.step()]
    done = await asyncio.gather(writer.write(steps[0]), other.write(steps[1]))
    assert sorted(one.outcome for one in done) == [Outcome.decided, Outcome.written]
    async with session_factory() as session:
        assert len(list(await session.scalars(select(Conversation)))) == 1


async def test_an_opening_that_comes_late_opens_nothing(writer: Writer, ann: Person) -> None:
    """A worker was frozen before it wrote; meanwhile another text opened, and that was closed."""
    late = await opened(writer.journal, writer.thread)
    await writer.write(writer.step())
    await writer.assigned(ann)
    writer.core.closed(ann, "close", NOW)
    writer.core.ended_by_operator(NOW)
    await writer.write(writer.step())
    done = await late.write(late.step())
    assert done.outcome is Outcome.decided
    assert done.standing is not None
    assert done.standing.conversation == writer.core.state


async def test_a_database_that_lost_steps_is_never_papered_over(
    writer: Writer, session_factory: Sessions, ann: Person
) -> None:
    await writer.write(writer.step())
    await writer.assigned(ann)
    writer.replied(ann, "Lost with the database.", "lost")
    writer.step()
    writer.texted("still there")
    step = writer.step()
    done = await writer.write(step)
    assert (done.outcome, done.stands_at) == (Outcome.behind, 2)
    assert await said(session_factory, "consumer") == ["hello"]


async def test_what_a_database_lost_is_marked_when_the_conversation_is_written_whole(
    writer: Writer, session_factory: Sessions, ann: Person
) -> None:
    await writer.write(writer.step())
    await writer.assigned(ann)
    writer.replied(ann, "Lost with the database.", "lost")
    writer.step()
    writer.texted("still there")
    step = writer.step()
    effects = writer.core.missing_marked(step.effects, 2, NOW)
    state = writer.core.state.model_copy(deep=True)
    whole = step.model_copy(
        update={"effects": effects, "conversation": state, "mends": True}
    ).model_copy(update={"policy": writer.core.policy})
    assert (await writer.write(whole)).outcome is Outcome.written
    async with session_factory() as session:
        told = list(await session.scalars(select(Event).order_by(Event.id)))
        texts = list(await session.scalars(select(Message.text).order_by(Message.position)))
    [missing] = [event.data for event in told if event.kind == "history_missing"]
    assert missing == {"after": 2, "before": 4}
    assert texts[-2].startswith("Part of this conversation is missing")
    assert texts[-1] == "still there"
    assert (await writer.stands()).conversation == state


async def test_a_conversation_the_database_lost_altogether_is_written_whole(
    writer: Writer, session_factory: Sessions, ann: Person
) -> None:
    writer.step()
    writer.core.queue.assigned(1, ann.agent_id, "Ann", NOW)
    done = await writer.write(writer.step())
    assert (done.outcome, done.stands_at) == (Outcome.behind, 0)
    writer.texted("hello?")
    assert (await writer.write(writer.step(mends=True))).outcome is Outcome.written
    async with session_factory() as session:
        row = (await session.scalars(select(Conversation))).one()
    assert (row.status, row.sequence) == ("assigned", 3)


async def test_a_conversation_with_nobody_the_database_knows_is_not_written(
    writer: Writer, session_factory: Sessions
) -> None:
    async with session_factory.begin() as session:
        await session.execute(delete(Consumer))
    assert (await writer.write(writer.step())).outcome is Outcome.consumer_unknown
    opening = await opening_of(writer.journal, writer.thread)
    assert not opening.is_consumer_known


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


async def test_what_is_open_stands_in_the_way_of_a_new_conversation(writer: Writer) -> None:
    """Its workflow is gone, however that ended: the new one goes on with it."""
    await writer.write(writer.step())
    opening = await opening_of(writer.journal, writer.thread, message_id=str(uuid4()))
    assert opening.terms is None
    assert opening.standing is not None
    assert opening.standing.conversation == writer.core.state
    assert opening.standing.policy == writer.core.policy


async def test_an_opening_decided_again_finds_its_own_row(writer: Writer) -> None:
    step = writer.step()
    await writer.write(step)
    [text] = [e for e in step.effects if e.effect == "message" and e.author == "consumer"]
    held = nothing_held(writer.thread).model_copy(update={"texts": (text.message_id,)})
    opening = await opening_of(writer.journal, writer.thread, message_id=text.message_id, held=held)
    assert opening.standing is not None
    assert opening.standing.texts == (text.message_id,)
    assert opening.standing.conversation == step.conversation


async def test_an_opening_waits_for_a_database_that_is_behind(writer: Writer) -> None:
    held = nothing_held(writer.thread).model_copy(update={"number": 3, "sequence": 7})
    opening = await opening_of(writer.journal, writer.thread, held=held)
    assert (opening.terms, opening.standing, opening.stands_at) == (None, None, 0)


async def test_conversations_of_a_thread_are_numbered(writer: Writer, ann: Person) -> None:
    await writer.write(writer.step())
    await writer.assigned(ann)
    writer.core.ended_by_operator(NOW)
    await writer.write(writer.step())
    opening = await opening_of(writer.journal, writer.thread, message_id=str(uuid4()))
    assert opening.terms is not None
    assert (opening.terms.number, opening.terms.consumer.is_first) == (2, False)


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
