"""Delivery callbacks about texts that another program sent over the same line."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import select

from database.engine import Sessions
from database.queries.consent import Consenting, is_opted_out, record_keyword
from database.queries.consumers import with_phone
from database.tables import Consent, ConsentEvent, Consumer, Line
from domain.consent.keyword import Keyword
from domain.consent.sources import ConsentSource
from domain.numbers.kinds import LineKind
from domain.numbers.phone_numbers import address_of
from tests.api.webhooks.test_twilio import create_client, ours, post
from tests.database.transcripts import new_conversation
from tests.fixtures.brand import LINE_NUMBER, Brand
from tests.ingress.carrier import ADA, IngressScenario, Pairs, create_intake, status
from tests.providers.twilio.recorded import form

STRANGER = "+12028831111"
SERVICE = "MG" + "1" * 32


@pytest.fixture
def ingress(session_factory: Sessions) -> IngressScenario:
    return create_intake(session_factory)


@pytest.fixture
async def twilio(ingress: IngressScenario) -> AsyncIterator[httpx2.AsyncClient]:
    async with create_client(ingress) as client:
        yield client


def refusal(to: str = STRANGER, code: str = "21610", **more: str) -> Pairs:
    return status("failed", code=code, To=to, **more)


async def ledger(sessions: Sessions) -> list[tuple[str, str, str]]:
    """Return who was opted out of what, and who said so."""
    query = select(Consumer.number, ConsentEvent.scope, ConsentEvent.source)
    async with sessions() as session:
        rows = await session.execute(
            query.join(Consumer, Consumer.id == ConsentEvent.consumer_id).order_by(ConsentEvent.id)
        )
        return [(number, scope, source) for number, scope, source in rows]


async def test_an_opt_out_from_a_text_of_somebody_else_stands_in_the_ledger_once(
    twilio: httpx2.AsyncClient, ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    for _ in range(3):
        answer = await post(twilio, brand.line_id, refusal(From=LINE_NUMBER), path="status")
        assert answer.status_code == 200
    scope = f"line:{brand.line_id}"
    assert await ledger(session_factory) == [(STRANGER, scope, ConsentSource.provider)]
    async with session_factory() as session:
        consumer = (await session.scalars(select(Consumer))).one()
        who = Consenting(brand.account_id, consumer.id, brand.line_id)
        assert await is_opted_out(session, who)
    assert ingress.conversations.opted == []


async def test_a_recorded_callback_that_names_no_sender_is_about_the_line_called(
    twilio: httpx2.AsyncClient, brand: Brand, session_factory: Sessions
) -> None:
    theirs = [
        (name, STRANGER if name == "To" else value)
        for name, value in ours(form("status_opted_out"))
    ]
    await post(twilio, brand.line_id, theirs, path="status")
    scope = f"line:{brand.line_id}"
    assert await ledger(session_factory) == [(STRANGER, scope, ConsentSource.provider)]


async def test_an_open_conversation_with_them_hears_of_it_even_where_it_is_away_at_first(
    twilio: httpx2.AsyncClient, ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    await new_conversation(session_factory, brand, number=ADA)
    ingress.conversations.is_away = True
    news = refusal(ADA)
    assert (await post(twilio, brand.line_id, news, path="status")).status_code == 503
    ingress.conversations.is_away = False
    assert (await post(twilio, brand.line_id, news, path="status")).status_code == 200
    assert len(ingress.conversations.opted) == 1
    assert len(await ledger(session_factory)) == 1


async def test_it_is_about_the_line_that_sent_the_text(
    twilio: httpx2.AsyncClient, brand: Brand, session_factory: Sessions
) -> None:
    other = f"{brand.account_id}-service"
    connector = f"{brand.account_id}-twilio"
    async with session_factory.begin() as session:
        session.add(
            Line(
                id=other,
                account_id=brand.account_id,
                connector_id=connector,
                name="Campaigns",
                address=SERVICE,
                kind=LineKind.service.value,
                entry_skill_id=brand.support,
            )
        )
    sender = {"From": "+15550109999", "MessagingServiceSid": SERVICE}
    await post(twilio, brand.line_id, refusal(**sender), path="status")
    assert await ledger(session_factory) == [(STRANGER, f"line:{other}", ConsentSource.provider)]


@pytest.mark.parametrize(
    "news",
    [
        refusal(From="+15550109999"),
        refusal(code="30003"),
        refusal("whatsapp:" + STRANGER),
        refusal(""),
        status("delivered", To=STRANGER),
    ],
    ids=["another sender", "another reason", "another channel", "nobody", "delivered"],
)
async def test_what_is_no_opt_out_from_a_line_of_ours_changes_nothing(
    twilio: httpx2.AsyncClient, brand: Brand, session_factory: Sessions, news: Pairs
) -> None:
    assert (await post(twilio, brand.line_id, news, path="status")).status_code == 200
    assert await ledger(session_factory) == []
    async with session_factory() as session:
        assert list(await session.scalars(select(Consumer))) == []


async def test_a_start_of_this_moment_is_not_undone_by_a_callback_that_comes_late(
    twilio: httpx2.AsyncClient, brand: Brand, session_factory: Sessions
) -> None:
    async with session_factory.begin() as session:
        consumer = await with_phone(session, brand.account_id, address_of(ADA))
        who = Consenting(brand.account_id, consumer.id, brand.line_id)
        await record_keyword(session, who, Keyword.start, text="START", inbound_id=uuid4())
    await post(twilio, brand.line_id, refusal(ADA), path="status")
    async with session_factory() as session:
        assert not await is_opted_out(session, who)
        assert list(await session.scalars(select(Consent).where(Consent.is_opted_out))) == []


async def test_no_number_of_theirs_is_logged(
    twilio: httpx2.AsyncClient, brand: Brand, capfd: pytest.CaptureFixture[str]
) -> None:
    await post(twilio, brand.line_id, refusal(), path="status")
    await post(twilio, brand.line_id, refusal(From="+15550109999"), path="status")
    shown = "".join(capfd.readouterr())
    assert "opt_out_about_unknown_text" in shown
    assert "opt_out_from_another_sender" in shown
    for secret in (STRANGER[1:], "15550109999"):
        assert secret not in shown
