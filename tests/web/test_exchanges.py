"""What the provider said, on a page for admins."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import update

from database.queries import exchanges
from database.queries.exchanges import CountedRefusals
from database.tables import Message
from domain.conversation.kinds import Status
from domain.delivery.exchanges import ExchangeKind
from tests.api.conftest import Office
from tests.api.test_exchanges import exchange
from tests.database.transcripts import new_conversation
from tests.web.at_the_workspace import boot, entries
from tests.web.conftest import Browsing
from tests.web.test_waiting_texts import write


async def test_admins_go_from_a_message_to_what_the_provider_said(
    office: Office, browsing: Browsing
) -> None:
    brand, sessions = office.brand, office.sessions
    held = await new_conversation(sessions, brand, Status.assigned, agent_id=brand.ann.agent_id)
    [text] = await write(sessions, brand, held, "Hello")
    said = exchange(
        office,
        ExchangeKind.send,
        message_id=text,
        status=400,
        outcome="opted_out",
        answer="<script>alert(1)</script>",
    )
    await exchanges.add(sessions.direct, [said])
    path = f"/admin/exchanges/{text}"
    async with browsing(office.ada) as ada:
        assert (await boot(ada)).administers, "the transcript links to it"
        page = (await ada.get(path)).text
    assert "We sent the text" in page
    assert "answered 400 after 120 ms" in page
    assert "Times are those of UTC." in page
    assert "opted_out" in page
    assert "<script>alert" not in page
    async with browsing(brand.mia) as mia:
        assert not (await boot(mia)).administers
        assert (await mia.get(path)).status_code == 403


async def test_admins_read_what_a_text_costs_where_it_stands(
    office: Office, browsing: Browsing
) -> None:
    brand, sessions = office.brand, office.sessions
    held = await new_conversation(sessions, brand, Status.assigned, agent_id=brand.ann.agent_id)
    [text] = await write(sessions, brand, held, "Hello")
    told = {"billed_segments": 2, "price": Decimal("0.0158"), "price_currency": "USD"}
    async with sessions.begin() as session:
        await session.execute(update(Message).where(Message.id == text).values(**told))
    async with browsing(office.ada) as ada:
        [shown] = (await entries(ada, held)).entries
        known = (await ada.get(f"/admin/exchanges/{text}")).text
    assert shown.message
    assert (shown.message.billed_segments, str(shown.message.price)) == (2, "0.0158")
    assert "0.0158 USD" in known


async def test_the_accounts_page_says_since_when_webhooks_are_refused(
    office: Office, browsing: Browsing
) -> None:
    at = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
    counted = CountedRefusals(office.brand.line_id, at, at, 7, "The signature is wrong.", "POST /")
    await exchanges.count_refusals(office.sessions.direct, [counted])
    async with browsing(office.ada) as ada:
        page = (await ada.get("/admin/account")).text
    assert "7 requests refused since" in page
    assert "The signature is wrong." in page
