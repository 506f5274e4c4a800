"""Phone calls of other phone systems, and menus, by the API."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from sqlalchemy import select, update

from activities.retaining import forget_old
from database.tables import Account, ConsentEvent, Invitation, Line, Message, PhoneCall
from domain.people.roles import Role
from media.opening import create_store
from tests.api.conftest import Office
from tests.fixtures.centre import Centre

NUMBER = "+15550123"
PRESSED = {"keys": "1", "prompt": "Press 1 to continue by text."}


@pytest.fixture
async def menu_id(office: Office, as_ada: httpx2.AsyncClient) -> str:
    design = {"line": office.brand.line_id, "skill": office.brand.sales, "languages": ["en", "es"]}
    made = await as_ada.post("/v1/menus", json={"name": "Hotline", "design": design})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def test_another_phone_system_asks_and_then_has_the_caller_texted_once(
    office: Office, menu_id: str
) -> None:
    async with office.program(Role.agent) as program:
        asked = {"number": NUMBER, "menu": menu_id, "look_back": 3600, "language": "es"}
        key = {"Idempotency-Key": "call-1"}
        first = await program.post("/v1/calls/eligibility", json=asked, headers=key)
        again = await program.post("/v1/calls/eligibility", json=asked, headers=key)
        assert (first.status_code, first.json()) == (201, again.json())
        assert first.json()["eligible"]
        path = f"/v1/calls/{first.json()['call_id']}/invite"
        answers = await asyncio.gather(
            *(program.post(path, json={"pressed": PRESSED}) for _ in range(3))
        )
    assert {answer.status_code for answer in answers} == {200}
    [done] = {answer.json()["message_id"] for answer in answers}
    async with office.sessions() as session:
        [message] = (await session.scalars(select(Message))).all()
        [invited] = (await session.scalars(select(Invitation))).all()
        [consent] = (await session.scalars(select(ConsentEvent))).all()
    assert str(message.id) == done
    assert "Gracias por llamar" in message.text
    assert (invited.look_back_seconds, invited.skill_id) == (3600, office.brand.sales)
    assert "pressed 1" in (consent.evidence or "")
    assert PRESSED["prompt"] in (consent.evidence or "")
    async with office.program(Role.manager) as program:
        [listed] = (await program.get("/v1/calls")).json()["items"]
        shown = (await program.get(f"/v1/calls/{listed['id']}")).json()
    assert shown == listed
    assert (shown["outcome"], shown["message_status"]) == ("asked", "queued")


async def test_who_cannot_be_texted_is_said_before_and_after(
    office: Office, centre: Centre, menu_id: str
) -> None:
    await centre.opt_out()
    told = {
        "+4930123456": "landline",
        "+18005550123": "landline",
        "anonymous": "hidden",
        NUMBER: "opted_out",
    }
    async with office.program(Role.agent) as program:
        for number, why_not in told.items():
            asked = await program.post(
                "/v1/calls/eligibility", json={"number": number, "menu": menu_id}
            )
            assert (asked.json()["eligible"], asked.json()["why_not"]) == (False, why_not)
            path = f"/v1/calls/{asked.json()['call_id']}/invite"
            invited = (await program.post(path, json={"pressed": PRESSED})).json()
            assert (invited["why_not"], invited["message_id"]) == (why_not, None)
            assert invited["sentence"]


async def test_a_missed_call_of_another_system_is_texted_only_where_that_is_allowed(
    office: Office, menu_id: str, as_ada: httpx2.AsyncClient
) -> None:
    asked = {"number": NUMBER, "menu": menu_id}
    call = (await as_ada.post("/v1/calls/eligibility", json=asked)).json()["call_id"]
    refused = (await as_ada.post(f"/v1/calls/{call}/invite", json={})).json()
    assert refused["why_not"] == "not_allowed"
    design = (await as_ada.get(f"/v1/menus/{menu_id}")).json()["design"]
    allowed = {"design": design | {"texts_missed": True}}
    await as_ada.patch(f"/v1/menus/{menu_id}", json=allowed)
    async with office.sessions.begin() as session:
        await session.execute(update(Account).values(needs_consent=True))
    call = (await as_ada.post("/v1/calls/eligibility", json=asked)).json()["call_id"]
    refused = (await as_ada.post(f"/v1/calls/{call}/invite", json={})).json()
    assert refused["why_not"] == "consent_missing"
    async with office.sessions.begin() as session:
        await session.execute(update(Account).values(needs_consent=False))
    own = {"text": "We missed you. What is it about?"}
    done = (await as_ada.post(f"/v1/calls/{call}/invite", json=own)).json()
    assert (done["outcome"], done["message_status"]) == ("missed", "queued")
    async with office.sessions() as session:
        assert (await session.scalars(select(Message.text))).all() == [own["text"]]


async def test_own_words_after_a_call_with_the_number_of_a_card_are_refused(
    office: Office, menu_id: str, as_ada: httpx2.AsyncClient
) -> None:
    async with office.sessions.begin() as session:
        await session.execute(update(Account).values(masks_cards=True))
    asked = {"number": NUMBER, "menu": menu_id}
    call = (await as_ada.post("/v1/calls/eligibility", json=asked)).json()["call_id"]
    own = {"pressed": PRESSED, "text": "Your card 4242 4242 4242 4242 is blocked."}
    refused = await as_ada.post(f"/v1/calls/{call}/invite", json=own)
    assert refused.status_code == 422
    assert "payment card" in refused.text
    async with office.sessions() as session:
        assert not (await session.scalars(select(Message))).all()


@pytest.mark.parametrize("body", [{"text": "A quokka"}, {"pressed": PRESSED, "text": "A quokka"}])
async def test_a_caller_who_was_forgotten_is_not_invited_and_nothing_is_written_of_them_again(
    office: Office,
    centre: Centre,
    menu_id: str,
    as_ada: httpx2.AsyncClient,
    body: dict[str, object],
) -> None:
    asked = {"number": NUMBER, "menu": menu_id}
    call = (await as_ada.post("/v1/calls/eligibility", json=asked)).json()["call_id"]
    async with office.sessions.begin() as session:
        await session.execute(update(Account).values(retention_days=7))
        long_ago = datetime.now(UTC) - timedelta(days=40)
        await session.execute(update(PhoneCall).values(began_at=long_ago))
    await forget_old(office.sessions, create_store(centre.settings.media))
    refused = await as_ada.post(f"/v1/calls/{call}/invite", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert "caller is erased" in refused.text
    async with office.sessions() as session:
        [kept] = (await session.scalars(select(PhoneCall))).all()
    assert (kept.own_text, kept.asked, kept.asked_at) == (None, None, None)


async def test_mistakes_of_another_phone_system_are_told_and_text_nobody(
    office: Office, menu_id: str, as_ada: httpx2.AsyncClient
) -> None:
    line = {"number": NUMBER, "line": office.brand.line_id}
    wrong = [
        {"number": NUMBER},
        line | {"menu": menu_id},
        line | {"look_back": 3599},
        line | {"look_back": 30 * 86400 + 1},
        {"number": NUMBER, "menu": "no-menu"},
        line | {"skill": "no-skill"},
    ]
    for body in wrong:
        answer = await as_ada.post("/v1/calls/eligibility", json=body)
        assert answer.status_code in (404, 422), (body, answer.text)
    call = (await as_ada.post("/v1/calls/eligibility", json=line)).json()["call_id"]
    for body in ({"pressed": {}}, {"text": ""}, {"text": "x" * 1601}, {"pressed": {"keys": 1}}):
        answer = await as_ada.post(f"/v1/calls/{call}/invite", json=body)
        assert answer.status_code == 422, (body, answer.text)
    async with office.sessions() as session:
        assert (await session.scalars(select(Message))).all() == []


async def test_every_change_of_a_menu_is_a_version_that_can_be_read_later(
    office: Office, menu_id: str, as_ada: httpx2.AsyncClient
) -> None:
    path = f"/v1/menus/{menu_id}"
    design = (await as_ada.get(path)).json()["design"]
    changed = design | {"texts": {"en": {"offer": "Press 1 to text {brand}."}}}
    numbers = {"numbers": ["+1 555 010 0009", "+15550100009"]}
    shown = (await as_ada.patch(path, json={"design": changed} | numbers)).json()
    assert (shown["version"], shown["numbers"]) == (2, ["+15550100009"])
    same = (await as_ada.patch(path, json={"design": changed, "name": "Desk"})).json()
    assert (same["version"], same["name"]) == (2, "Desk")
    page = (await as_ada.get(f"{path}/versions?limit=1")).json()
    rest = (await as_ada.get(f"{path}/versions?cursor={page['next']}")).json()
    versions = [*page["items"], *rest["items"]]
    assert [(one["version"], one["design"]["texts"]) for one in versions] == [
        (2, changed["texts"]),
        (1, {}),
    ]
    played = (await as_ada.post(f"{path}/play", json={"acts": ["1"]})).json()
    assert any("Press 1 to text" in one["words"] for one in played["lines"])
    assert played["text"]
    unsaved = {"design": design, "acts": ["silence"], "why_not": "landline"}
    other = (await as_ada.post(f"{path}/play", json=unsaved)).json()
    assert not any("Press 1 to text" in one["words"] for one in other["lines"])
    assert other["text"] == ""
    taken = {"name": "Other", "design": design} | numbers
    assert (await as_ada.post("/v1/menus", json=taken)).status_code == 409
    for wrong in ({"languages": ["xx"]}, {"keep_waiting": {"kind": "dial", "to": "1"}}):
        refused = await as_ada.patch(path, json={"design": design | wrong})
        assert refused.status_code == 422, refused.text
    sales = await as_ada.delete(f"/v1/skills/{office.brand.sales}")
    assert (sales.status_code, "phone menu" in sales.json()["detail"]) == (409, True)
    assert (await as_ada.delete(path)).status_code == 204
    assert (await as_ada.get("/v1/menus")).json()["items"] == []


async def test_a_line_whose_provider_takes_no_calls_is_told_apart_at_set_up(
    office: Office, menu_id: str, as_ada: httpx2.AsyncClient
) -> None:
    await as_ada.patch(f"/v1/menus/{menu_id}", json={"numbers": ["+15550100009"]})
    [away] = (await as_ada.get(f"/v1/menus/{menu_id}/set-up")).json()
    assert (away["voice_url"], away["is_set_up"]) == (None, False)
    assert "did not say" in away["sentence"]
    number = {"number": "+15550100009"}
    failed = await as_ada.post(f"/v1/menus/{menu_id}/set-up", json=number)
    assert (failed.status_code, failed.json()["code"]) == (409, "phone_not_set_up")
    telnyx = {"api_key": "KEY" + "0" * 40, "public_key": "A" * 43 + "="}
    made = {"provider": "telnyx", "name": "T", "secret": telnyx}
    connector = await as_ada.post("/v1/connectors", json=made)
    assert connector.status_code == 201, connector.text
    async with office.sessions.begin() as session:
        await session.execute(update(Line).values(connector_id=connector.json()["id"]))
    refused = await as_ada.get(f"/v1/menus/{menu_id}/set-up")
    assert (refused.status_code, "takes no calls" in refused.json()["detail"]) == (409, True)


@pytest.mark.parametrize("written", ["12125550123", "1(212)555-0123", "(212) 555-0123"])
async def test_a_phone_system_may_write_numbers_without_a_plus(
    office: Office, menu_id: str, written: str
) -> None:
    async with office.program(Role.agent) as program:
        asked = {"number": written, "menu": menu_id}
        answer = await program.post("/v1/calls/eligibility", json=asked)
    assert (answer.status_code, answer.json()["why_not"]) == (201, None)
    async with office.sessions() as session:
        assert await session.scalar(select(PhoneCall.caller)) == "+12125550123"
