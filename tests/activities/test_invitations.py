"""The journal moves an invitation into the conversation that its reply opens, once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select, update

from activities.contract import JournalOutcome
from activities.journal import Journal
from database.engine import Sessions
from database.queries import sending
from database.queries.invitations import NewInvitation, invite
from database.queries.standalone import NewText, take_due
from database.tables import (
    Connector,
    Conversation,
    Event,
    Invitation,
    LatestStep,
    Message,
    QueueEntry,
    RoutingDecision,
)
from domain.conversation.conversation import Conversation as Core
from domain.conversation.inputs import Identity, Person, ReceivedText, begin
from domain.origins.kinds import OriginKind
from temporal.conversations import Thread
from tests.activities.writing import Writer, opening_of
from tests.fixtures.brand import Brand, new_thread

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def thread(session_factory: Sessions, brand: Brand) -> Thread:
    return await new_thread(session_factory, brand)


async def invited(sessions: Sessions, brand: Brand, thread: Thread, **left: object) -> UUID:
    message_id = uuid4()
    text = NewText(
        id=message_id,
        account_id=brand.account_id,
        line_id=brand.line_id,
        consumer_id=UUID(thread.consumer_id),
        text="Your parcel is here.",
        written_at=NOW - HOUR / 2,
    )
    new = NewInvitation(text, OriginKind.notification, "batch", "Parcels", brand.sales, HOUR)
    async with sessions.begin() as session:
        await invite(session, new)
    await changed(sessions, message_id, **{"status": "sent", "attempted_at": NOW - HOUR / 2} | left)
    return message_id


async def changed(sessions: Sessions, message_id: UUID, **values: object) -> None:
    async with sessions.begin() as session:
        await session.execute(update(Message).where(Message.id == message_id).values(**values))


async def replied(sessions: Sessions, thread: Thread) -> Writer:
    """Return the conversation that a reply opens, before its first step is journalled."""
    journal = Journal(sessions)
    terms = (await opening_of(journal, thread, answered_at=NOW)).terms
    assert terms is not None
    ids = (thread.account_id, thread.line_id, thread.consumer_id)
    identity = Identity(str(uuid4()), *ids, number=terms.number)
    state = begin(identity, terms.policy, terms.consumer, "consumer", NOW, terms.origin)
    core = Core(state, terms.policy)
    text = ReceivedText(str(uuid4()), "Where?", received_at=NOW)
    core.opened_by_consumer(text, terms.consumer, NOW, terms.invitation)
    return Writer(journal, thread, core)


async def row(sessions: Sessions, message_id: UUID) -> Message:
    async with sessions() as session:
        return await session.get_one(Message, message_id)


async def test_two_workers_open_from_one_reply_and_the_text_moves_once(
    session_factory: Sessions, brand: Brand, thread: Thread
) -> None:
    message_id = await invited(session_factory, brand, thread)
    first, second = [await replied(session_factory, thread) for _ in range(2)]
    assert (await first.write(first.step())).outcome is JournalOutcome.written
    assert (await second.write(second.step())).outcome is JournalOutcome.decided
    moved = await row(session_factory, message_id)
    assert (str(moved.conversation_id), moved.position) == (first.core.state.id, 1)
    async with session_factory() as session:
        answered = await session.get_one(Invitation, message_id)
    assert str(answered.conversation_id) == first.core.state.id


async def test_a_restored_database_that_shows_it_as_queued_does_not_send_it_again(
    session_factory: Sessions, brand: Brand, thread: Thread
) -> None:
    message_id = await invited(session_factory, brand, thread)
    writer = await replied(session_factory, thread)
    before = {"status": "queued", "attempted_at": None, "look_up_at": NOW - HOUR}
    await changed(session_factory, message_id, **before)
    assert (await writer.write(writer.step())).outcome is JournalOutcome.written
    moved = await row(session_factory, message_id)
    assert (moved.status, moved.position) == ("sent", 1)
    assert (await writer.stands()).unsent == ()
    now = datetime.now(UTC)
    due = await take_due(
        session_factory.direct, now, held_until=now + HOUR, overtaken_from=now, limit=9
    )
    assert due == []


async def test_a_database_that_lost_the_text_gets_it_back_and_one_that_lost_the_step_too(
    session_factory: Sessions, brand: Brand, thread: Thread, ann: Person
) -> None:
    message_id = await invited(session_factory, brand, thread)
    writer = await replied(session_factory, thread)
    async with session_factory.begin() as session:
        await session.execute(delete(Invitation))
        await session.execute(delete(Message))
    await writer.write(writer.step())
    assert (await row(session_factory, message_id)).position == 1
    async with session_factory.begin() as session:  # as a backup of the time of the reply has it
        for table in (LatestStep, Event):
            await session.execute(delete(table))
        lost = {"conversation_id": None, "position": None}
        await session.execute(update(Message).where(Message.id == message_id).values(lost))
        await session.execute(delete(Message).where(Message.id != message_id))
        for written in (RoutingDecision, QueueEntry, Conversation):
            await session.execute(delete(written))
    writer.texted("hello?")
    step = writer.step()
    effects = writer.core.missing_marked(step.effects, 0, NOW)
    whole = step.model_copy(
        update={"effects": effects, "mends": True, "policy": writer.core.policy}
    )
    assert (await writer.write(whole)).outcome is JournalOutcome.written
    assert (await row(session_factory, message_id)).position == 1


async def test_a_text_in_doubt_that_was_answered_is_not_sent_once_more(
    session_factory: Sessions, brand: Brand, thread: Thread
) -> None:
    doubt = {"status": "unknown", "look_up_at": NOW}
    texts = [await invited(session_factory, brand, thread, **doubt) for _ in range(2)]
    async with session_factory.begin() as session:
        await session.execute(update(Connector).values(resend_unconfirmed=True))
    writer = await replied(session_factory, thread)
    await writer.write(writer.step())
    claimed = []
    for message_id in texts:
        held = await sending.look(session_factory.direct, message_id)
        assert held is not None
        again = await sending.claim_again(session_factory.direct, held, NOW, NOW + HOUR)
        claimed.append(again is not None)
    assert sorted(claimed) == [False, True]


async def test_of_several_the_newest_is_answered_and_no_older_one(
    session_factory: Sessions, brand: Brand, thread: Thread
) -> None:
    older = await invited(session_factory, brand, thread, attempted_at=NOW - HOUR * 2 / 3)
    newest = await invited(session_factory, brand, thread)
    writer = await replied(session_factory, thread)
    assert writer.core.state.origin.message_id == str(newest)
    await writer.write(writer.step())
    text = ReceivedText(str(uuid4()), "And when?", received_at=NOW)
    writer.core.consumer_texted(text, NOW)
    await writer.write(writer.step())
    async with session_factory() as session:
        assert (await session.get_one(Invitation, older)).answered_at is None
        kinds = list(await session.scalars(select(Event.kind).order_by(Event.id)))
    assert "invitation_answered" not in kinds
