"""Delivery reports in any order: a status never falls, a lost id is found."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy import text as sql

from database.direct import in_session
from database.engine import Sessions
from database.queries.delivery import DeliveryFailure, give_up, report, reported_text
from database.tables import Event, Message
from domain.delivery.message_status import MessageStatus
from domain.delivery.statuses import LOOKED_UP, UNSENT
from tests.database.transcripts import new_message
from tests.fixtures.brand import Brand

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
GONE = DeliveryFailure("unreachable", "The phone is off.", "30003")

queued, sending, unknown, sent = (
    MessageStatus.queued,
    MessageStatus.sending,
    MessageStatus.unknown,
    MessageStatus.sent,
)
delivered, undelivered, failed = (
    MessageStatus.delivered,
    MessageStatus.undelivered,
    MessageStatus.failed,
)


async def tell(
    sessions: Sessions, message_id: UUID, *statuses: MessageStatus, sid: str | None = None
) -> list[bool]:
    rose = []
    for status in statuses:
        failure = GONE if status in (undelivered, failed) else None
        async with sessions.begin() as session:
            rose.append(
                await report(
                    in_session(session),
                    message_id,
                    status,
                    provider_message_id=sid,
                    failure=failure,
                    at=NOW,
                )
            )
    return rose


async def message(sessions: Sessions, message_id: UUID) -> Message:
    async with sessions() as session:
        return (await session.scalars(select(Message).where(Message.id == message_id))).one()


@pytest.mark.parametrize("order", list(permutations([sending, sent, delivered])))
async def test_reports_in_any_order_end_the_same(
    session_factory: Sessions, brand: Brand, order: tuple[MessageStatus, ...]
) -> None:
    text = await new_message(session_factory, brand)
    await tell(session_factory, text, *order)
    assert (await message(session_factory, text)).status == delivered


@pytest.mark.parametrize(
    ("known", "reported", "stands"),
    [
        (queued, sending, sending),
        (sending, unknown, unknown),
        (unknown, sending, unknown),
        (unknown, sent, sent),
        (unknown, delivered, delivered),
        (sent, queued, sent),
        (delivered, failed, delivered),
        (failed, delivered, failed),
        (undelivered, delivered, undelivered),
    ],
)
async def test_a_status_rises_or_stays(
    session_factory: Sessions,
    brand: Brand,
    known: MessageStatus,
    reported: MessageStatus,
    stands: MessageStatus,
) -> None:
    text = await new_message(session_factory, brand, known)
    assert await tell(session_factory, text, reported) == [stands != known]
    assert (await message(session_factory, text)).status == stands


@pytest.mark.parametrize("known", [queued, sending, unknown])
async def test_a_text_that_its_provider_has_queued_waits_to_be_sent_no_more(
    session_factory: Sessions, brand: Brand, known: MessageStatus
) -> None:
    """A restored database shows it as queued; the provider, too, in its own sense."""
    text = await new_message(session_factory, brand, known)
    await tell(session_factory, text, queued, sid="SM1")
    row = await message(session_factory, text)
    assert (row.status, row.provider_message_id) == (sending, "SM1")


@pytest.mark.parametrize(
    ("known", "claimed_at", "is_failed"),
    [
        (queued, None, True),
        (sending, NOW, True),
        (sending, NOW + timedelta(seconds=1), False),
        (sending, None, False),
        (unknown, NOW, False),
        (sent, NOW, False),
    ],
)
async def test_only_a_text_that_waits_or_was_claimed_by_oneself_is_given_up(
    session_factory: Sessions,
    brand: Brand,
    known: MessageStatus,
    claimed_at: datetime | None,
    is_failed: bool,
) -> None:
    text = await new_message(session_factory, brand, known)
    async with session_factory.begin() as session:
        await session.execute(update(Message).values(attempted_at=NOW))
    async with session_factory.begin() as session:
        given = await give_up(in_session(session), text, GONE, claimed_at=claimed_at, at=NOW)
    assert given is is_failed
    assert ((await message(session_factory, text)).status == failed) is is_failed


@pytest.mark.parametrize(
    ("reported", "named", "is_asked_about"),
    [(sent, "SM1", True), (sent, None, False), (delivered, "SM1", False)],
)
async def test_a_text_that_was_given_up_is_asked_about_once_a_report_names_it(
    session_factory: Sessions,
    brand: Brand,
    reported: MessageStatus,
    named: str | None,
    is_asked_about: bool,
) -> None:
    text = await new_message(session_factory, brand, unknown)
    await tell(session_factory, text, reported, sid=named)
    look_up_at = (await message(session_factory, text)).look_up_at
    assert (look_up_at is not None and look_up_at > NOW) is is_asked_about


@pytest.mark.parametrize("status", [MessageStatus.received, MessageStatus.written])
async def test_a_consumers_text_and_a_note_have_no_delivery(
    session_factory: Sessions, brand: Brand, status: MessageStatus
) -> None:
    text = await new_message(session_factory, brand, status)
    assert await tell(session_factory, text, delivered, sid="SM1") == [False]
    assert (await message(session_factory, text)).provider_message_id is None


async def test_every_rise_is_one_event_and_a_repetition_none(
    session_factory: Sessions, brand: Brand
) -> None:
    text = await new_message(session_factory, brand)
    rose = await tell(session_factory, text, sent, sent, undelivered, undelivered)
    assert rose == [True, False, True, False]
    async with session_factory() as session:
        events = list(await session.scalars(select(Event).order_by(Event.id)))
    assert [event.data for event in events] == [
        {"message_id": str(text), "status": "sent"},
        {
            "message_id": str(text),
            "status": "undelivered",
            "failure_code": "unreachable",
            "failure_sentence": "The phone is off.",
            "provider_code": "30003",
        },
    ]
    assert all(event.kind == "message_status" and event.conversation_id for event in events)


async def test_a_failure_keeps_its_code_and_the_sentence_for_the_agent(
    session_factory: Sessions, brand: Brand
) -> None:
    text = await new_message(session_factory, brand)
    await tell(session_factory, text, failed)
    row = await message(session_factory, text)
    assert (row.failure_code, row.failure_sentence) == (GONE.code, GONE.sentence)
    assert row.provider_code == "30003"


async def test_a_text_in_doubt_is_sending_once_the_provider_names_it(
    session_factory: Sessions, brand: Brand
) -> None:
    text = await new_message(session_factory, brand, unknown)
    await tell(session_factory, text, queued, sid="SM1")
    row = await message(session_factory, text)
    assert (row.status, row.provider_message_id) == (sending, "SM1")
    await tell(session_factory, text, sent, sid="SM2")
    assert (await message(session_factory, text)).provider_message_id == "SM1"


async def test_the_failure_of_another_try_does_not_fail_the_text(
    session_factory: Sessions, brand: Brand
) -> None:
    text = await new_message(session_factory, brand, sending)
    await tell(session_factory, text, sent, sid="SM2")
    assert await tell(session_factory, text, undelivered, sid="SM1") == [False]
    assert await tell(session_factory, text, delivered, sid="SM1") == [True]


async def test_a_callback_finds_its_text_by_our_id_or_by_the_providers(
    session_factory: Sessions, brand: Brand
) -> None:
    text = await new_message(session_factory, brand)
    other = await new_message(session_factory, brand, number="+15550125")
    await tell(session_factory, other, sent, sid="SM1")
    asked = session_factory.direct.fetch_one
    by_ours = await reported_text(asked, brand.line_id, text, "SM1")
    by_theirs = await reported_text(asked, brand.line_id, None, "SM1")
    by_theirs_too = await reported_text(asked, brand.line_id, uuid4(), "SM1")
    elsewhere = await reported_text(asked, "another-line", text, "SM1")
    unheard_of = await reported_text(asked, brand.line_id, None, "SM9")
    assert by_ours is not None
    assert by_ours.message_id == text
    assert by_theirs is not None
    assert by_theirs.message_id == other
    assert by_theirs_too == by_theirs
    assert elsewhere is None
    assert unheard_of is None


async def test_indexes_are_of_the_statuses_that_statements_ask_for(
    session_factory: Sessions,
) -> None:
    named = "SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indexrelid = '{}'::regclass"
    async with session_factory() as session:
        for index, statuses in (
            ("ix_message_not_sent", UNSENT),
            ("ix_message_look_up_at", LOOKED_UP),
        ):
            condition = str(await session.scalar(sql(named.format(index))))
            found = {word for word in MessageStatus if f"'{word}'" in condition}
            assert found == set(statuses)
