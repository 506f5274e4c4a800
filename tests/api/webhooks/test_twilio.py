"""Twilio's webhooks over HTTP: what is believed, what is refused, and what is answered."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from api import problems
from api.webhooks.routes import LARGEST_BODY, create_webhooks
from database.engine import Sessions, create_engine, create_sessions
from database.queries import standalone
from database.queries.consent import Consenting, is_opted_out
from database.queries.standalone import NewText
from database.tables import Connector, Conversation, Inbound, Message
from providers.twilio.adapter import EMPTY_TWIML
from providers.twilio.description import TwilioCredentials
from security.secrets import Keyring, SecretBox
from tests.database.transcripts import new_message
from tests.fixtures.brand import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    ENCRYPTION_KEYS,
    LINE_NUMBER,
    Brand,
    new_thread,
)
from tests.ingress.carrier import (
    PUBLIC,
    IngressScenario,
    Pairs,
    create_intake,
    sid,
    signed,
    status,
    text,
)
from tests.providers.twilio.recorded import PAYLOADS, form

RECORDED_TEXTS = sorted(path.stem for path in Path(PAYLOADS).glob("inbound_*.txt"))
RECORDED_REPORTS = sorted(path.stem for path in Path(PAYLOADS).glob("status_*.txt"))


@pytest.fixture
def ingress(session_factory: Sessions) -> IngressScenario:
    return create_intake(session_factory)


def create_client(ingress: IngressScenario) -> httpx2.AsyncClient:
    app = FastAPI()
    problems.install(app)
    providers = ingress.webhooks.authenticator.providers.values()
    app.router.routes += create_webhooks(ingress.webhooks, providers, PUBLIC)
    transport = httpx2.ASGITransport(app=app)

    async def handed_over(_answer: httpx2.Response) -> None:
        await ingress.handover.settle()

    return httpx2.AsyncClient(
        transport=transport,
        # The Host header is whatever the caller likes: nothing may depend on it.
        base_url="http://attacker.test",
        event_hooks={"response": [handed_over]},
    )


@pytest.fixture
async def twilio(ingress: IngressScenario) -> AsyncIterator[httpx2.AsyncClient]:
    async with create_client(ingress) as client:
        yield client


async def post(
    client: httpx2.AsyncClient,
    line_id: str,
    pairs: Pairs,
    *,
    path: str = "inbound",
    token: str = AUTH_TOKEN,
    headers: dict[str, str] | None = None,
) -> httpx2.Response:
    address = f"/webhooks/twilio/{line_id}/{path}"
    sent = signed(PUBLIC + address, pairs, token) if headers is None else headers
    raw = {name.encode(): value.encode("latin-1") for name, value in sent.items()}
    return await client.post(address, content=urlencode(pairs), headers=raw)


async def inbound(sessions: Sessions) -> list[Inbound]:
    async with sessions() as session:
        return list(await session.scalars(select(Inbound).order_by(Inbound.arrival)))


async def message(sessions: Sessions, message_id: UUID) -> Message:
    async with sessions() as session:
        return (await session.scalars(select(Message).where(Message.id == message_id))).one()


def ours(pairs: Pairs) -> Pairs:
    """Return a recorded form as it would come for the test brand and its line."""
    of_brand = {"AccountSid": ACCOUNT_SID, "To": LINE_NUMBER}
    return [(name, of_brand.get(name, value)) for name, value in pairs]


async def test_a_text_is_taken_handed_over_and_answered_with_nothing_to_say(
    twilio: httpx2.AsyncClient, ingress: IngressScenario, brand: Brand
) -> None:
    answer = await post(twilio, brand.line_id, text("Hello 👋 & more"))
    assert (answer.status_code, answer.text) == (200, EMPTY_TWIML)
    assert answer.headers["content-type"].startswith("text/xml")
    assert ingress.conversations.texts == ["Hello 👋 & more"]


async def test_a_text_delivered_again_gets_the_same_answer_and_is_one(
    twilio: httpx2.AsyncClient, ingress: IngressScenario, brand: Brand
) -> None:
    pairs = text("Hello")
    answers = [await post(twilio, brand.line_id, pairs) for _ in range(3)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, EMPTY_TWIML)}
    assert ingress.conversations.texts == ["Hello"]


@pytest.mark.parametrize("name", RECORDED_TEXTS)
async def test_recorded_texts_are_taken(
    twilio: httpx2.AsyncClient, brand: Brand, session_factory: Sessions, name: str
) -> None:
    answer = await post(twilio, brand.line_id, ours(form(name)))
    assert answer.status_code == 200, answer.text
    assert len(await inbound(session_factory)) == 1


@pytest.mark.parametrize("name", RECORDED_REPORTS)
async def test_recorded_reports_are_taken(
    twilio: httpx2.AsyncClient, brand: Brand, name: str
) -> None:
    answer = await post(twilio, brand.line_id, ours(form(name)), path="status?mid=unheard-of")
    assert answer.status_code == 200, answer.text


async def test_a_webhook_configured_as_get_is_taken(
    twilio: httpx2.AsyncClient, ingress: IngressScenario, brand: Brand
) -> None:
    address = f"/webhooks/twilio/{brand.line_id}/inbound?{urlencode(text('by GET'))}"
    answer = await twilio.get(address, headers=signed(PUBLIC + address, []))
    assert answer.status_code == 200
    assert ingress.conversations.texts == ["by GET"]


@pytest.mark.parametrize("path", ["inbound/", "status/"])
async def test_a_slash_at_the_end_of_the_address_loses_nothing(
    twilio: httpx2.AsyncClient, ingress: IngressScenario, brand: Brand, path: str
) -> None:
    pairs = text("Hello") if path == "inbound/" else status("delivered")
    answer = await post(twilio, brand.line_id, pairs, path=path)
    assert (answer.status_code, answer.text) == (200, EMPTY_TWIML)
    assert ingress.conversations.texts == (["Hello"] if path == "inbound/" else [])
    without = signed(f"{PUBLIC}/webhooks/twilio/{brand.line_id}/{path}".rstrip("/"), pairs)
    refused = await post(twilio, brand.line_id, pairs, path=path, headers=without)
    assert refused.status_code == 403, "Twilio signs the address as it was typed"


async def test_what_is_not_signed_by_the_lines_own_provider_is_refused(
    twilio: httpx2.AsyncClient, brand: Brand, session_factory: Sessions
) -> None:
    pairs = text("Hello")
    address = f"/webhooks/twilio/{brand.line_id}/inbound"
    wrong = {
        "no signature": {},
        "another token": signed(PUBLIC + address, pairs, "stolen"),
        "another form": signed(PUBLIC + address, text("Other")),
        "another address": signed(f"http://attacker.test{address}", pairs),
        "no base64": {"X-Twilio-Signature": "ünsigned"},
        "an unknown algorithm": signed(PUBLIC + address, pairs)
        | {"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=none"},
    }
    for what, headers in wrong.items():
        answer = await post(twilio, brand.line_id, pairs, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_from_provider"), what
    assert await inbound(session_factory) == []


async def test_the_previous_token_counts_while_it_is_being_changed(
    twilio: httpx2.AsyncClient, ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    changed = TwilioCredentials(
        account_sid=ACCOUNT_SID, auth_token="the-new-one", previous_auth_token=AUTH_TOKEN
    )
    box = SecretBox(Keyring.parse(ENCRYPTION_KEYS))
    async with session_factory.begin() as session:
        await session.execute(update(Connector).values(secret=box.seal(changed)))
    for token in (AUTH_TOKEN, "the-new-one"):
        answer = await post(twilio, brand.line_id, text(f"by {token}"), token=token)
        assert answer.status_code == 200
    assert (await post(twilio, brand.line_id, text("Hi"), token="older")).status_code == 403


async def test_a_text_for_another_account_is_refused(
    twilio: httpx2.AsyncClient, brand: Brand
) -> None:
    answer = await post(twilio, brand.line_id, text("Hi", AccountSid="AC" + "9" * 32))
    assert answer.status_code == 403


@pytest.mark.parametrize("line_id", ["nobody", "UPPER", "a%00b", "..", "%F0%9F%91%8B", "a" * 300])
async def test_an_unknown_line_is_not_found(
    twilio: httpx2.AsyncClient, brand: Brand, line_id: str
) -> None:
    answer = await post(twilio, line_id, text("Hi"))
    assert answer.status_code == 404


async def test_a_genuine_request_that_is_no_text_is_a_bad_request(
    twilio: httpx2.AsyncClient, brand: Brand
) -> None:
    for pairs in (
        [],
        text("Hi", message="nonsense"),
        text("Hi", SmsStatus="sent"),
        [(f"field{number}", "") for number in range(501)],
    ):
        answer = await post(twilio, brand.line_id, pairs)
        assert (answer.status_code, answer.json()["code"]) == (400, "webhook_not_understood")


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe\x00", b"%", b"%zz=%f0", b"&&&=", b'{"json": true}', b"a=b;c=d", b"Body=%00%00"],
)
async def test_garbage_is_refused_and_never_our_error(
    twilio: httpx2.AsyncClient, brand: Brand, body: bytes
) -> None:
    for path in ("inbound", "status", "status?mid=%00", "inbound?bodySHA256=x"):
        answer = await twilio.post(
            f"/webhooks/twilio/{brand.line_id}/{path}",
            content=body,
            headers={"X-Twilio-Signature": "x", "Content-Type": "multipart/form-data"},
        )
        assert answer.status_code in (400, 403), answer.text


async def test_a_huge_body_is_not_read(twilio: httpx2.AsyncClient, brand: Brand) -> None:
    largest = text("x" * (LARGEST_BODY - 1000))
    assert (await post(twilio, brand.line_id, largest)).status_code == 200
    answer = await post(twilio, brand.line_id, text("x" * LARGEST_BODY))
    assert (answer.status_code, answer.json()["code"]) == (413, "webhook_too_large")


async def test_without_temporal_the_text_is_kept_and_the_provider_content(
    twilio: httpx2.AsyncClient, ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    ingress.conversations.is_away = True
    answer = await post(twilio, brand.line_id, text("Hello"))
    assert (answer.status_code, answer.text) == (200, EMPTY_TWIML)
    [row] = await inbound(session_factory)
    assert row.handed_over_at is None


async def test_without_the_database_the_provider_is_asked_to_come_again(brand: Brand) -> None:
    engine = create_engine("postgresql://nobody@127.0.0.1:1/nothing")
    async with create_client(create_intake(create_sessions(engine))) as client:
        for path in ("inbound", "status"):
            answer = await post(client, brand.line_id, text("Hello"), path=path)
            assert (answer.status_code, answer.json()["code"]) == (503, "not_taken")
    await engine.dispose()


async def test_a_database_that_goes_after_the_text_was_kept_changes_nothing(
    twilio: httpx2.AsyncClient,
    ingress: IngressScenario,
    brand: Brand,
    session_factory: Sessions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def gone(*_: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("gone"))

    monkeypatch.setattr("ingress.pending.mark_handed_over", gone)
    answer = await post(twilio, brand.line_id, text("Hello"))
    assert answer.status_code == 200
    assert ingress.conversations.texts == ["Hello"]
    assert (await inbound(session_factory))[0].handed_over_at is None


async def test_reports_raise_a_status_in_any_order(
    twilio: httpx2.AsyncClient, brand: Brand, session_factory: Sessions
) -> None:
    text_id = await new_message(session_factory, brand)
    provider_id = sid()
    for word in ("delivered", "sent", "queued", "sending", "read"):
        answer = await post(
            twilio,
            brand.line_id,
            status(word, message=provider_id),
            path=f"status?mid={text_id}",
        )
        assert (answer.status_code, answer.text) == (200, EMPTY_TWIML)
    row = await message(session_factory, text_id)
    assert (row.status, row.provider_message_id) == ("delivered", provider_id)


async def test_a_failure_tells_the_agent_what_to_do(
    twilio: httpx2.AsyncClient, ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    text_id = await new_message(session_factory, brand)
    news = status("undelivered", code="30003")
    await post(twilio, brand.line_id, news, path=f"status?mid={text_id}")
    row = await message(session_factory, text_id)
    assert (row.status, row.failure_code) == ("undelivered", "unreachable")
    assert row.failure_sentence
    assert row.provider_code == "30003"
    assert ingress.conversations.opted == []


@pytest.mark.parametrize("code", ["30001", "30022", "30023", "30017", "30027", "63017", "21611"])
async def test_a_text_that_nobody_tries_again_is_not_said_to_be(
    twilio: httpx2.AsyncClient, brand: Brand, session_factory: Sessions, code: str
) -> None:
    text_id = await new_message(session_factory, brand)
    news = status("undelivered", code=code)
    await post(twilio, brand.line_id, news, path=f"status?mid={text_id}")
    row = await message(session_factory, text_id)
    assert (row.status, row.attempts, row.look_up_at) == ("undelivered", 0, None)
    assert row.failure_sentence is not None
    assert "Send it again" in row.failure_sentence
    assert "tried again" not in row.failure_sentence


async def test_the_providers_opt_out_closes_the_line_and_tells_the_conversation(
    twilio: httpx2.AsyncClient, ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    text_id = await new_message(session_factory, brand)
    news = status("failed", code="21610")
    ingress.conversations.is_away = True
    answer = await post(twilio, brand.line_id, news, path=f"status?mid={text_id}")
    assert answer.status_code == 503, "the provider must call again: nobody else tells"
    ingress.conversations.is_away = False
    answer = await post(twilio, brand.line_id, news, path=f"status?mid={text_id}")
    assert answer.status_code == 200
    async with session_factory() as session:
        conversation = (await session.scalars(select(Conversation))).one()
        who = Consenting(brand.account_id, conversation.consumer_id, brand.line_id)
        assert await is_opted_out(session, who)
    assert ingress.conversations.opted == [conversation.workflow_id]
    assert (await message(session_factory, text_id)).status == "failed"


async def test_a_refused_text_without_a_conversation_is_told_to_the_one_that_may_be_open(
    twilio: httpx2.AsyncClient, ingress: IngressScenario, brand: Brand, session_factory: Sessions
) -> None:
    thread = await new_thread(session_factory, brand)
    to = Consenting(brand.account_id, UUID(thread.consumer_id), brand.line_id)
    ids = (to.account_id, to.line_id, to.consumer_id)
    text_id = uuid4()
    async with session_factory.begin() as session:
        await standalone.add(session, NewText(text_id, *ids, "Notice", datetime.now(UTC)))
    news = status("failed", code="21610")
    answer = await post(twilio, brand.line_id, news, path=f"status?mid={text_id}")
    assert answer.status_code == 200
    async with session_factory() as session:
        assert await is_opted_out(session, to)
    assert ingress.conversations.opted == [thread.workflow_id]
    assert (await message(session_factory, text_id)).status == "failed"


async def test_a_report_with_a_wrong_signature_changes_nothing(
    twilio: httpx2.AsyncClient, brand: Brand, session_factory: Sessions
) -> None:
    text_id = await new_message(session_factory, brand)
    another = f"status?mid={UUID(int=0)}"
    pairs = status("delivered")
    headers = signed(f"{PUBLIC}/webhooks/twilio/{brand.line_id}/{another}", pairs)
    answer = await post(twilio, brand.line_id, pairs, path=f"status?mid={text_id}", headers=headers)
    assert answer.status_code == 403
    assert (await message(session_factory, text_id)).status == "queued"


async def test_no_number_and_no_text_is_logged(
    twilio: httpx2.AsyncClient,
    ingress: IngressScenario,
    brand: Brand,
    capfd: pytest.CaptureFixture[str],
) -> None:
    ingress.conversations.is_away = True
    await post(twilio, brand.line_id, text("a secret of Ada's"))
    await post(twilio, brand.line_id, text("a secret of Ada's"), token="wrong")
    shown = "".join(capfd.readouterr())
    assert "texts_left_to_sweeper" in shown
    assert "webhook_refused" in shown
    for secret in ("a secret of Ada", "5550123", AUTH_TOKEN):
        assert secret not in shown
