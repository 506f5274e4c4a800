"""The journal records each step of a conversation once and in order, whatever is repeated."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from temporalio.testing import ActivityEnvironment

from activities.contract import (
    JournalOutcome,
    PolicyRequest,
)
from database.engine import Sessions
from database.tables import Conversation, Event, Message, QueueEntry
from domain.conversation.inputs import Person, ReceivedText
from domain.people.roles import Role
from tests.activities.writing import Writer, count, nothing_held, opened, opening_of, said
from tests.fixtures.brand import Brand

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_a_step_journalled_twice_stands_once(
    writer: Writer, session_factory: Sessions
) -> None:
    step = writer.step()
    first, second = await writer.write(step), await writer.write(step)
    assert (first.outcome, second.outcome) == (JournalOutcome.written, JournalOutcome.decided)
    assert second.recorded is not None
    assert second.recorded.conversation == step.conversation
    messages = [e for e in step.effects if e.effect == "message"]
    assert await count(session_factory, Message) == len(messages)
    assert await count(session_factory, Event) == len(step.effects)


async def test_a_consumers_text_is_kept_with_as_many_segments_as_reports_count(
    writer: Writer, session_factory: Sessions
) -> None:
    await writer.write(writer.step())
    text = writer.texted("a" * 161)
    await writer.write(writer.step())
    async with session_factory() as session:
        message = await session.get_one(Message, UUID(text))
        told = Event.data["message_id"].astext == text
        (event,) = (await session.scalars(select(Event).where(told))).all()
    assert (message.segments, event.data["segments"]) == (2, 2)


async def test_a_step_decided_again_from_more_input_is_the_one_that_stands(
    writer: Writer, session_factory: Sessions, ann: Person
) -> None:
    """A text that came since is not in it, and is left to the next step."""
    await writer.write(writer.step())
    await writer.assigned(ann)
    again = writer.as_it_was()
    writer.replied(ann, "One moment.", "key")
    decided = writer.step()
    await writer.write(decided)
    later = again.texted("are you there?")
    again.replied(ann, "One moment.", "key")
    done = await again.write(again.step())
    assert (done.outcome, done.recorded and done.recorded.conversation) == (
        JournalOutcome.decided,
        decided.conversation,
    )
    assert done.recorded is not None
    assert later not in done.recorded.texts
    assert [one.key for one in done.recorded.commands] == ["key"]
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
    assert done.recorded is not None
    [command] = done.recorded.commands
    assert (command.message_id, command.conversation_id) == (message_id, writer.core.state.id)


async def test_a_command_that_cancelled_a_text_wrote_none(writer: Writer, ann: Person) -> None:
    await writer.write(writer.step())
    await writer.assigned(ann)
    later = NOW + timedelta(hours=1)
    text_id = writer.core.scheduled_texts.text_scheduled(ann, "Later.", later, "schedule", NOW)
    await writer.write(writer.step())
    again = writer.as_it_was()
    writer.core.scheduled_texts.text_cancelled(ann, text_id, "cancel", NOW)
    await writer.write(writer.step())
    again.core.scheduled_texts.text_cancelled(ann, text_id, "cancel", NOW)
    done = await again.write(again.step())
    assert done.recorded is not None
    assert [one.message_id for one in done.recorded.commands] == [None]


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
    behind.core.consumer_texted(ReceivedText(second, "second", received_at=NOW), NOW)
    step = behind.step()
    held = step.held.model_copy(update={"texts": (second, third, str(uuid4()))})
    done = await behind.write(step.model_copy(update={"held": held}))
    assert done.recorded is not None
    assert set(done.recorded.texts) == {second, third}
    assert done.recorded.conversation == writer.core.state
    assert message_id in [text.message_id for text in done.recorded.unsent]


async def test_a_text_that_was_taken_before_is_in_no_later_step(
    writer: Writer, session_factory: Sessions
) -> None:
    await writer.write(writer.step())
    text = writer.texted("once")
    await writer.write(writer.step())
    state = writer.core.state.model_copy(deep=True)
    writer.core.consumer_texted(ReceivedText(text, "once", received_at=NOW), NOW)
    done = await writer.write(writer.step())
    assert done.outcome is JournalOutcome.decided
    assert done.recorded is not None
    assert (done.recorded.texts, done.recorded.conversation) == ((text,), state)
    assert await said(session_factory, "consumer") == ["hello", "once"]


async def test_of_two_openings_at_once_one_is_the_opening(
    writer: Writer, session_factory: Sessions
) -> None:
    other = await opened(writer.journal, writer.thread)
    steps = [writer.step(), other.step()]
    done = await asyncio.gather(writer.write(steps[0]), other.write(steps[1]))
    assert sorted(one.outcome for one in done) == [JournalOutcome.decided, JournalOutcome.written]
    async with session_factory() as session:
        assert len(list(await session.scalars(select(Conversation)))) == 1


async def test_an_opening_that_comes_late_opens_nothing(writer: Writer, ann: Person) -> None:
    """A worker was frozen before it wrote; meanwhile another text opened, and that was closed."""
    late = await opened(writer.journal, writer.thread)
    await writer.write(writer.step())
    await writer.assigned(ann)
    writer.core.agent_closed(ann, "close", NOW)
    writer.core.ended_by_operator(NOW)
    await writer.write(writer.step())
    done = await late.write(late.step())
    assert done.outcome is JournalOutcome.decided
    assert done.recorded is not None
    assert done.recorded.conversation == writer.core.state


async def test_an_older_step_that_comes_late_changes_nothing(
    writer: Writer, session_factory: Sessions, brand: Brand
) -> None:
    first = writer.step()
    await writer.write(first)
    writer.core.queue.agent_assigned(1, brand.ann.agent_id, "Ann", NOW)
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
    writer.core.queue.agent_assigned(1, brand.ann.agent_id, "Ann", NOW)
    await writer.write(writer.step())
    assert await count(session_factory, QueueEntry) == 0
    ann = Person(brand.ann.agent_id, "Ann", Role.agent)
    writer.core.transfers.returned_to_queue(ann, None, "k", NOW)
    await writer.write(writer.step())
    async with session_factory() as session:
        entry = (await session.scalars(select(QueueEntry))).one()
    assert (entry.ticket, entry.avoided_agent_id) == (2, brand.ann.agent_id)
    assert entry.assigned_agent_id is None


async def test_a_promise_that_is_answered_while_it_waits_is_due_no_more(
    writer: Writer, session_factory: Sessions, brand: Brand
) -> None:
    mia, core = Person(brand.mia.agent_id, "Mia", Role.manager), writer.core
    found = []
    for act in (
        lambda: None,
        lambda: core.promises.response_time_set(mia, timedelta(hours=1), "k1", NOW),
        lambda: core.managers.manager_joined(mia, "k2", NOW),
        lambda: core.agent_replied(mia, "Here it is.", "k3", NOW),
    ):
        act()
        await writer.write(writer.step())
        async with session_factory() as session:
            found.append(await session.scalar(select(QueueEntry.due_at)))
    hour = NOW + timedelta(hours=1)
    assert found == [None, hour, hour, None]


async def test_an_open_conversation_prevents_a_new_one(writer: Writer) -> None:
    """Its workflow is gone, however it ended, and the new one continues it."""
    await writer.write(writer.step())
    opening = await opening_of(writer.journal, writer.thread, message_id=str(uuid4()))
    assert opening.terms is None
    assert opening.recorded is not None
    assert opening.recorded.conversation == writer.core.state
    assert opening.recorded.policy == writer.core.policy


async def test_an_opening_decided_again_finds_its_own_row(writer: Writer) -> None:
    step = writer.step()
    await writer.write(step)
    [text] = [e for e in step.effects if e.effect == "message" and e.author == "consumer"]
    held = nothing_held(writer.thread).model_copy(update={"texts": (text.message_id,)})
    opening = await opening_of(writer.journal, writer.thread, message_id=text.message_id, held=held)
    assert opening.recorded is not None
    assert opening.recorded.texts == (text.message_id,)
    assert opening.recorded.conversation == step.conversation


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
        account_id=brand.account_id, line_id=brand.line_id, skill_id="somebody-elses", at=NOW
    )
    with pytest.raises(Exception, match="unknown skill"):
        await ActivityEnvironment().run(writer.journal.load_policy, request)


async def test_deadlines_are_stored_with_the_conversation(
    writer: Writer, session_factory: Sessions, brand: Brand
) -> None:
    await writer.write(writer.step())
    writer.core.queue.agent_assigned(1, brand.ann.agent_id, "Ann", NOW)
    ann = Person(brand.ann.agent_id, "Ann", Role.agent)
    writer.core.agent_replied(ann, "k", "Hello!", NOW)
    await writer.write(writer.step())
    async with session_factory() as session:
        row = (await session.scalars(select(Conversation))).one()
    assert row.language == "en"
    assert row.auto_close_at is not None
    assert row.deadlines["auto_close"] == row.auto_close_at.isoformat()
    assert row.counted_from["auto_close"] == NOW.isoformat()
