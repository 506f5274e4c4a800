"""Claiming in one statement: only a text that may be sent, and that is not locked."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select, update

from database.engine import Sessions
from database.queries.consent import Consenting, record_refusal
from database.queries.sending import Departure, claim_at_once, lock_departure
from database.tables import Message
from domain.delivery.message_status import MessageStatus
from tests.database.transcripts import new_message
from tests.fixtures.brand import Brand

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


async def attempts(sessions: Sessions, text: UUID) -> tuple[str, int]:
    async with sessions() as session:
        columns = select(Message.status, Message.attempts).where(Message.id == text)
        status, count = (await session.execute(columns)).one()
        return status, count


async def found(sessions: Sessions, text: UUID) -> Departure:
    async with sessions() as session:
        departure = await lock_departure(session, text)
    assert departure is not None
    return departure


async def test_a_claimed_text_is_as_it_was_found_and_claimed_for_everybody(
    session_factory: Sessions, brand: Brand
) -> None:
    text = await new_message(session_factory, brand)
    claimed = await claim_at_once(session_factory.direct, text, NOW, NOW, NOW)
    assert claimed is not None
    assert claimed.attempted_at == NOW
    assert claimed.status is MessageStatus.queued
    assert claimed.sender != claimed.recipient == "+15550123"
    assert await attempts(session_factory, text) == ("sending", 1)
    assert await claim_at_once(session_factory.direct, text, NOW, NOW, NOW) is None
    assert await attempts(session_factory, text) == ("sending", 1)


async def test_a_text_that_another_worker_has_locked_is_left_to_it(
    session_factory: Sessions, brand: Brand
) -> None:
    text = await new_message(session_factory, brand)
    async with session_factory() as session:
        await lock_departure(session, text)
        assert await claim_at_once(session_factory.direct, text, NOW, NOW, NOW) is None
    assert await attempts(session_factory, text) == ("queued", 0)


@pytest.mark.parametrize("is_consent_reply", [False, True])
async def test_only_an_answer_to_the_opt_out_is_claimed_after_one(
    session_factory: Sessions, brand: Brand, is_consent_reply: bool
) -> None:
    text = await new_message(session_factory, brand)
    departure = await found(session_factory, text)
    who = Consenting(departure.account_id, departure.consumer_id, departure.line_id)
    async with session_factory.begin() as session:
        await record_refusal(session, who, sent_at=NOW)
        change = update(Message).where(Message.id == text)
        await session.execute(change.values(is_consent_reply=is_consent_reply))
    claimed = await claim_at_once(session_factory.direct, text, NOW, NOW, NOW)
    assert (claimed is not None) is is_consent_reply
