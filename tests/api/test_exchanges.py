"""What the provider said about a message, for admins; refused webhooks with their line."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx2
from sqlalchemy import update

from database.engine import Sessions
from database.queries import exchanges
from database.queries.exchanges import CountedRefusals
from database.tables import Message
from domain.conversation.kinds import Status
from domain.delivery.exchanges import Exchange, ExchangeKind
from tests.api.conftest import Office
from tests.database.transcripts import new_conversation
from tests.web.test_waiting_texts import write

AT = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
SID = "SM" + "0" * 32


def exchange(office: Office, kind: ExchangeKind, **more: object) -> Exchange:
    values: dict[str, object] = {
        "id": uuid4(),
        "account_id": office.brand.account_id,
        "connector_id": f"{office.brand.account_id}-twilio",
        "line_id": office.brand.line_id,
        "message_id": None,
        "provider_message_id": None,
        "kind": kind,
        "at": AT,
        "milliseconds": 120,
        "method": "POST",
        "url": "https://api.twilio.com/Messages.json",
        "request": "To=…9901",
        "status": 201,
        "answer": '{"sid": "SM0"}',
        "outcome": None,
    }
    return Exchange(**values | more)  # type: ignore[arg-type]


async def sent(office: Office, sessions: Sessions) -> UUID:
    brand = office.brand
    held = await new_conversation(sessions, brand, Status.assigned, agent_id=brand.ann.agent_id)
    [text] = await write(sessions, brand, held, "Hello")
    async with sessions.begin() as session:
        await session.execute(
            update(Message).where(Message.id == text).values(provider_message_id=SID)
        )
    return text


async def test_an_admin_reads_what_was_said_about_a_message_by_our_id_or_the_providers(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    sessions = office.sessions
    text = await sent(office, sessions)
    ours = exchange(office, ExchangeKind.send, message_id=text)
    theirs = exchange(office, ExchangeKind.report, provider_message_id=SID, at=AT.replace(minute=1))
    other = exchange(office, ExchangeKind.report, provider_message_id="SM" + "1" * 32)
    for _ in range(2):  # written twice, kept once
        await exchanges.add(sessions.direct, [ours, theirs, other])
    answer = await as_ada.get(f"/v1/messages/{text}/exchanges")
    shown = answer.json()["items"]
    assert [one["kind"] for one in shown] == ["send", "report"]
    first = (await as_ada.get(f"/v1/messages/{text}/exchanges?limit=1")).json()
    then = f"/v1/messages/{text}/exchanges?limit=1&cursor={first['next']}"
    assert [*first["items"], *(await as_ada.get(then)).json()["items"]] == shown
    assert shown[0]["request"] == "To=…9901"
    missing = await as_ada.get(f"/v1/messages/{uuid4()}/exchanges")
    assert missing.status_code == 404


async def test_a_check_is_kept_with_its_connector(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    connector = f"/v1/connectors/{office.brand.account_id}-twilio"
    check = exchange(office, ExchangeKind.check, line_id=None)
    about = exchange(office, ExchangeKind.send, message_id=uuid4())
    await exchanges.add(office.sessions.direct, [check, about])
    shown = (await as_ada.get(f"{connector}/exchanges")).json()
    assert [one["kind"] for one in shown["items"]] == ["check"]


async def test_only_admins_read_it(office: Office, as_mia: httpx2.AsyncClient) -> None:
    text = await sent(office, office.sessions)
    refused = await as_mia.get(f"/v1/messages/{text}/exchanges")
    assert refused.status_code == 403


async def test_an_admin_sees_since_when_a_line_refuses_webhooks(
    office: Office, as_ada: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    line, later = office.brand.line_id, AT.replace(hour=11)
    for at, times in ((AT, 3), (later, 2)):
        counted = CountedRefusals(line, at, at, times, "The signature is wrong.", "POST /")
        gone = CountedRefusals("no-such-line", at, at, 1, "x", "x")
        await exchanges.count_refusals(office.sessions.direct, [counted, gone])
    shown = (await as_ada.get(f"/v1/lines/{line}")).json()["refused_webhooks"]
    assert (shown["times"], shown["reason"]) == (5, "The signature is wrong.")
    assert datetime.fromisoformat(shown["first_at"]) == AT
    assert datetime.fromisoformat(shown["last_at"]) == later
    assert (await as_mia.get(f"/v1/lines/{line}")).json()["refused_webhooks"] is None


async def test_smart_encoding_is_set_where_the_provider_has_it(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    line = f"/v1/lines/{office.brand.line_id}"
    changed = await as_ada.patch(line, json={"smart_encoding": True})
    assert changed.json()["smart_encoding"] is True
    secret = {
        "account_id": "123-456-789-12345",
        "password": "secret",
        "webhook_user": "switchboard",
        "webhook_password": "sixteen random characters",
    }
    other = {"provider": "openmarket", "name": "Other", "secret": secret}
    connector = (await as_ada.post("/v1/connectors", json=other)).json()["id"]
    new = {
        "name": "Short",
        "connector": connector,
        "address": "22333",
        "entry_skill": office.brand.sales,
        "smart_encoding": True,
    }
    refused = await as_ada.post("/v1/lines", json=new)
    assert refused.status_code == 422
    assert "Smart Encoding" in refused.json()["detail"]
