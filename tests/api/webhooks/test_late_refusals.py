"""A provider's refusal that is reported after the consumer has opted in again."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import select, update

from database.engine import Sessions
from database.queries.consent import Consenting, is_opted_out, record_keyword
from database.tables import Conversation, Message
from domain.consent.keyword import Keyword
from tests.api.webhooks.test_twilio import create_client, message, post
from tests.database.transcripts import new_message
from tests.fixtures.brand import Brand
from tests.ingress.carrier import ADA, IngressScenario, create_intake, status


@pytest.fixture
def ingress(session_factory: Sessions) -> IngressScenario:
    return create_intake(session_factory)


@pytest.fixture
async def twilio(ingress: IngressScenario) -> AsyncIterator[httpx2.AsyncClient]:
    async with create_client(ingress) as client:
        yield client


async def refused_before_start(sessions: Sessions, brand: Brand) -> tuple[UUID, Consenting]:
    """Leave a text attempted, and START received since; its conversation is open. Returns both."""
    text_id = await new_message(sessions, brand)
    async with sessions.begin() as session:
        attempted_at = datetime.now(UTC) - timedelta(seconds=30)
        was_sent = update(Message).where(Message.id == text_id)
        await session.execute(was_sent.values(attempted_at=attempted_at))
        conversation = (await session.scalars(select(Conversation))).one()
        who = Consenting(brand.account_id, conversation.consumer_id, brand.line_id)
        await record_keyword(session, who, Keyword.start, text="START", inbound_id=uuid4())
    return text_id, who


async def test_a_late_refusal_of_our_own_text_does_not_close_what_opened_after_start(
    twilio: httpx2.AsyncClient, ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    text_id, who = await refused_before_start(session_factory, brand)
    news = status("failed", code="21610")
    answer = await post(twilio, brand.line_id, news, path=f"status?mid={text_id}")
    assert answer.status_code == 200
    assert ingress.conversations.opted == []
    async with session_factory() as session:
        assert not await is_opted_out(session, who)
    assert (await message(session_factory, text_id)).status == "failed"


async def test_a_late_refusal_of_somebody_elses_text_does_not_close_it_either(
    twilio: httpx2.AsyncClient, ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    await refused_before_start(session_factory, brand)
    news = status("failed", code="21610", To=ADA)
    assert (await post(twilio, brand.line_id, news, path="status")).status_code == 200
    assert ingress.conversations.opted == []
