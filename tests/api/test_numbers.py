"""One phone in every spelling, over the API: opened, looked up, held to its opt-out."""

from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from database.tables import Consumer
from tests.api.conftest import Office
from tests.fixtures.brand import new_thread
from tests.fixtures.centre import Centre

OTHER_SPELLINGS = [
    ("+5491187654321", "+541187654321"),
    ("+541187654321", "+5491187654321"),
    ("+5215598765432", "+525598765432"),
    ("+5215598765432", "+52 1 55 9876 5432"),
    ("+525598765432", "+5215598765432"),
    ("+5521987654321", "+552187654321"),
    ("+22507123456", "+2250707123456"),
    ("+22997123456", "+2290197123456"),
]
EXTENSIONS = [
    "+1 555 018 8232 ext. 12",
    "+1-555-018-8682 x7",
    "+15550188682 x136",
    "+15550188578;ext=5",
    "+15550188578 #12",
    "+15550188578,,5",
    "+447700900123 ext 4",
]


async def known(centre: Centre, number: str) -> Centre:
    return centre.on(await new_thread(centre.sessions, centre.brand, number))


async def number_of(centre: Centre, consumer_id: str) -> str:
    async with centre.sessions() as session:
        query = select(Consumer.number).where(Consumer.id == UUID(consumer_id))
        return (await session.scalars(query)).one()


@pytest.mark.parametrize(("texted", "typed"), OTHER_SPELLINGS)
async def test_nobody_who_opted_out_is_texted_under_another_spelling(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, texted: str, typed: str
) -> None:
    await (await known(centre, texted)).opt_out()
    new = {"line": office.brand.line_id, "number": typed, "text": "Promo"}
    refused = await as_ann.post("/v1/conversations", json=new)
    assert (refused.status_code, refused.json()["code"]) == (409, "consumer_opted_out")


async def test_who_is_known_is_texted_as_they_wrote_and_who_is_new_as_it_reaches_them(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    ada = await known(centre, "+5215512345678")
    new = {"line": office.brand.line_id, "text": "Hello"}
    for typed, number in (("+52 55 1234 5678", "+5215512345678"), ("+5215500000001", None)):
        made = await as_ann.post("/v1/conversations", json=new | {"number": typed})
        assert made.status_code == 201, made.text
        shown = await as_ann.get(f"/v1/conversations/{made.json()['conversation_id']}")
        assert shown.json()["consumer"]["number"] == (number or "+525500000001")
        again = await as_ann.post("/v1/conversations", json=new | {"number": typed})
        assert again.json()["code"] == "conversation_already_open"
    assert (await number_of(centre, ada.thread.consumer_id)) == "+5215512345678"


async def test_one_key_opens_once_however_the_number_is_spelt(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    new = {"line": office.brand.line_id, "text": "Hello", "number": "+5215512345678"}
    key = {"Idempotency-Key": "one"}
    made = await as_ann.post("/v1/conversations", json=new, headers=key)
    assert made.json() == (await as_ann.post("/v1/conversations", json=new, headers=key)).json()


@pytest.mark.parametrize("typed", EXTENSIONS)
async def test_an_extension_cannot_be_texted(
    office: Office, as_ann: httpx2.AsyncClient, as_ada: httpx2.AsyncClient, typed: str
) -> None:
    opening = {"line": office.brand.line_id, "number": typed, "text": "Hello"}
    line = {
        "name": "Odd",
        "connector": f"{office.brand.account_id}-twilio",
        "address": typed,
        "entry_skill": office.brand.sales,
    }
    for refused in (
        await as_ann.post("/v1/conversations", json=opening),
        await as_ada.post("/v1/routing/dry-run", json=opening),
        await as_ada.post("/v1/lines", json=line),
    ):
        assert (refused.status_code, refused.json()["code"]) == (422, "number_invalid")
        assert "extension cannot receive texts" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("sender", "sought"),
    [
        ("68849", ["68849", "６８８４９"]),
        ("SUPPORT", ["SUPPORT", "support", " Support "]),
        ("Dr. Müller", ["Dr. Müller", "dr. müller"]),
        ("+5215512345678", ["+5215512345678", "+525512345678", "+52 (55) 1234-5678"]),
        ("+541123456789", ["+541123456789", "+5491123456789", "+54 11 15 2345-6789"]),
        ("+266696687", ["+266696687"]),
        ("15550950004", ["15550950004"]),
        ("+15550188578;ext=5", ["+15550188578;ext=5"]),
    ],
)
async def test_a_consumer_who_texts_can_be_looked_up(
    centre: Centre, as_mia: httpx2.AsyncClient, sender: str, sought: list[str]
) -> None:
    texting = await known(centre, sender)
    await texting.text("hello")
    row = await texting.conversation()
    for number in sought:
        found = await as_mia.get("/v1/conversations", params={"number": number})
        assert [one["id"] for one in found.json()["items"]] == [str(row.id)], number
        plain = await as_mia.get(f"/v1/conversations?number={number}")  # its + is a blank
        assert [one["id"] for one in plain.json()["items"]] == [str(row.id)], number
    for number in ("68850", "SUPPORTS", "+5215512345679", "\0"):
        found = await as_mia.get("/v1/conversations", params={"number": number})
        assert found.status_code == 422 or found.json()["items"] == []


async def test_nothing_is_said_by_itself_to_a_short_code_or_a_name(
    centre: Centre, as_ann: httpx2.AsyncClient, as_ada: httpx2.AsyncClient, office: Office
) -> None:
    queued = await as_ada.patch("/v1/account", json={"queues_programs": True})
    assert queued.status_code == 200, queued.text
    for sender in ("68849", "AMAZON"):
        texting = await known(centre, sender)
        await texting.text("Your parcel is on its way")
        row = await texting.when("waiting")
        await texting.assign(office.brand.ann.agent_id, "Ann")
        path = f"/v1/conversations/{row.id}"
        assert (await as_ann.post(f"{path}/close")).status_code == 200
        assert (await texting.when("closed")).survey_outcome is None
        written = await texting.transcript(row.id)
        assert [message.text for message in written] == ["Your parcel is on its way"]


async def test_a_short_code_and_a_name_wait_for_nobody_unless_the_account_lets_them(
    centre: Centre,
) -> None:
    for sender in ("68849", "AMAZON"):
        texting = await known(centre, sender)
        await texting.text("Your parcel is on its way")
        row = await texting.when("closed")
        written = await texting.transcript(row.id)
        assert [message.text for message in written] == ["Your parcel is on its way"]
