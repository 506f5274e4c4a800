"""A database that was restored to an earlier time: what it lost is marked, and never hidden."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from psycopg.errors import ForeignKeyViolation
from sqlalchemy import delete, select
from structlog.testing import capture_logs

from activities.contract import (
    JournalOutcome,
)
from database.engine import Sessions
from database.queries.system_close import close_by_system
from database.tables import Agent, Consumer, Conversation, Event, Message
from domain.conversation.inputs import Person
from domain.conversation.kinds import CloseReason
from tests.activities.writing import Writer, nothing_held, opened, opening_of, said

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


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
    assert (done.outcome, done.stands_at) == (JournalOutcome.behind, 2)
    assert await said(session_factory, "consumer") == ["hello"]


async def test_lost_steps_are_marked_when_the_conversation_is_written_whole(
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
    assert (await writer.write(whole)).outcome is JournalOutcome.written
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
    writer.core.queue.agent_assigned(1, ann.agent_id, "Ann", NOW)
    done = await writer.write(writer.step())
    assert (done.outcome, done.stands_at) == (JournalOutcome.behind, 0)
    writer.texted("hello?")
    assert (await writer.write(writer.step(mends=True))).outcome is JournalOutcome.written
    async with session_factory() as session:
        row = (await session.scalars(select(Conversation))).one()
    assert (row.status, row.sequence) == ("assigned", 3)


async def test_a_conversation_with_nobody_the_database_knows_is_not_written(
    writer: Writer, session_factory: Sessions
) -> None:
    async with session_factory.begin() as session:
        await session.execute(delete(Consumer))
    assert (await writer.write(writer.step())).outcome is JournalOutcome.consumer_unknown
    opening = await opening_of(writer.journal, writer.thread)
    assert not opening.is_consumer_known


async def test_an_opening_waits_for_a_database_that_is_behind(writer: Writer) -> None:
    held = nothing_held(writer.thread).model_copy(update={"number": 3, "sequence": 7})
    opening = await opening_of(writer.journal, writer.thread, held=held)
    assert (opening.terms, opening.recorded, opening.stands_at) == (None, None, 0)


async def test_a_conversation_gives_way_to_another_that_took_its_number(
    writer: Writer, session_factory: Sessions
) -> None:
    """The database lost it, and another was opened before its workflow came back."""
    other = await opened(writer.journal, writer.thread)
    await other.write(other.step())
    writer.step()
    writer.texted("still there?")
    done = await writer.write(writer.step())
    assert done.outcome is JournalOutcome.decided
    assert done.recorded is not None
    assert done.recorded.conversation == other.core.state
    assert await said(session_factory, "consumer") == ["hello"]


@pytest.mark.parametrize("mends", [False, True])
async def test_a_conversation_the_system_closed_after_a_restore_is_not_opened_again(
    writer: Writer, session_factory: Sessions, ann: Person, mends: bool
) -> None:
    await writer.write(writer.step())
    await writer.assigned(ann)
    writer.texted("Lost with the database.")
    writer.step()
    await close_by_system(session_factory, UUID(writer.core.state.id))
    writer.texted("still there?")
    done = await writer.write(writer.step(mends=mends))
    assert done.outcome is JournalOutcome.decided
    assert done.recorded is not None
    assert done.recorded.conversation is not None
    assert done.recorded.conversation.close_reason is CloseReason.system
    assert await said(session_factory, "consumer") == ["hello"]


async def test_a_conversation_with_an_agent_the_database_does_not_know_waits_and_says_so(
    writer: Writer, session_factory: Sessions, ann: Person
) -> None:
    """It continues as soon as the agent exists again under the same id."""
    await writer.write(writer.step())
    writer.core.caused_by("assigned")
    writer.core.queue.agent_assigned(writer.core.state.ticket, "new", "New", NOW)
    step = writer.step()
    with capture_logs() as logs, pytest.raises(ForeignKeyViolation):
        await writer.write(step)
    missing = [log["what"] for log in logs if log["event"] == "settings_missing"]
    assert missing == ["fk_conversation_agent_id_agent"]
    async with session_factory.begin() as session:
        known = (await session.scalars(select(Agent).where(Agent.id == ann.agent_id))).one()
        more = {"email": "new@brand.example", "password_hash": "", "role": "agent"}
        session.add(Agent(id="new", account_id=known.account_id, name="New", **more))
    assert (await writer.write(step)).outcome is JournalOutcome.written
