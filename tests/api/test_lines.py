import httpx2
import pytest
from sqlalchemy import update

from database.queries import line_refusals
from database.tables import Line
from domain.numbers.kinds import Misdirected
from tests.api.conftest import Office
from tests.fixtures.brand import ACCOUNT_SID

ADDRESSES_TWICE = [
    ("+15550100002", "+1 (555) 010-0002"),
    ("22333", "22333"),
    ("MG" + "0a" * 16, "MG" + "0A" * 16),
]


async def test_a_line_says_where_its_webhook_is(office: Office, as_ada: httpx2.AsyncClient) -> None:
    new = {
        "name": "Sales",
        "connector": f"{office.brand.account_id}-twilio",
        "address": "+1 555 010 0002",
        "entry_skill": office.brand.sales,
    }
    made = (await as_ada.post("/v1/lines", json=new)).json()
    assert made["address"] == "+15550100002"
    assert made["inbound_webhook"] == f"http://api.test/webhooks/twilio/{made['id']}/inbound"


async def test_an_address_belongs_to_one_line_of_an_account_at_a_time(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    secret = {"account_sid": ACCOUNT_SID, "auth_token": "secret"}
    second = {"provider": "twilio", "name": "Second", "secret": secret}
    connectors = [
        f"{office.brand.account_id}-twilio",
        (await as_ada.post("/v1/connectors", json=second)).json()["id"],
    ]
    new = {"name": "Sales", "entry_skill": office.brand.sales}
    for address, same in ADDRESSES_TWICE:
        here = new | {"address": address, "connector": connectors[0]}
        made = await as_ada.post("/v1/lines", json=here)
        assert made.status_code == 201
        for connector in connectors:
            other = new | {"name": "Other", "address": same, "connector": connector}
            refused = await as_ada.post("/v1/lines", json=other)
            assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
            assert refused.json()["detail"] == (
                "The line Sales already has this address. Retire that line first."
            )
        assert (await as_ada.delete(f"/v1/lines/{made.json()['id']}")).is_success
        moved = await as_ada.post("/v1/lines", json=here | {"connector": connectors[1]})
        assert moved.status_code == 201
        await as_ada.delete(f"/v1/lines/{moved.json()['id']}")


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("long_code", "5550100002"),
        ("toll_free", "+1"),
        ("short_code", "+15550100002"),
        ("service", "MGxyz"),
    ],
)
async def test_an_address_must_be_of_the_lines_kind(
    office: Office, as_ada: httpx2.AsyncClient, kind: str, address: str
) -> None:
    new = {
        "name": "Odd",
        "connector": f"{office.brand.account_id}-twilio",
        "address": address,
        "kind": kind,
        "entry_skill": office.brand.sales,
    }
    assert (await as_ada.post("/v1/lines", json=new)).status_code == 422


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("+18005550199", "toll_free"),
        ("+1 (833) 555-0199", "toll_free"),
        ("+18885550199", "toll_free"),
        ("+448001111", "toll_free"),
        ("+15550100009", "long_code"),
        ("+447911123456", "long_code"),
        ("22333", "short_code"),
        ("223344", "short_code"),
        ("MG" + "0a" * 16, "service"),
        ("MG" + "0A" * 16, "service"),
    ],
)
async def test_a_lines_kind_follows_from_its_address_and_no_other_is_taken(
    office: Office, as_ada: httpx2.AsyncClient, address: str, kind: str
) -> None:
    new = {
        "name": "Line",
        "connector": f"{office.brand.account_id}-twilio",
        "address": address,
        "entry_skill": office.brand.sales,
    }
    for other in {"long_code", "toll_free", "short_code", "service"} - {kind}:
        refused = await as_ada.post("/v1/lines", json=new | {"kind": other})
        assert refused.status_code == 422, (address, other)
    made = await as_ada.post("/v1/lines", json=new)
    assert (made.status_code, made.json()["kind"]) == (201, kind)
    assert made.json()["misdirected_texts"] == []
    path = f"/v1/lines/{made.json()['id']}"
    for other in {"long_code", "toll_free", "short_code", "service"} - {kind}:
        assert (await as_ada.patch(path, json={"kind": other})).status_code == 422
    assert (await as_ada.patch(path, json={"kind": kind})).json()["kind"] == kind


async def test_a_line_that_was_taken_for_another_kind_can_be_set_right(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    async with office.sessions.begin() as session:
        await session.execute(update(Line).values(address="+18005550199"))
    path = f"/v1/lines/{office.brand.line_id}"
    changed = await as_ada.patch(path, json={"kind": "toll_free", "priority": 3})
    assert (changed.json()["kind"], changed.json()["priority"]) == ("toll_free", 3)
    assert (await as_ada.get(path)).json()["kind"] == "toll_free"
    assert (await as_ada.patch(path, json={"kind": None})).status_code == 422
    async with office.sessions.begin() as session:  # of which its numbering plan says nothing
        await session.execute(update(Line).values(address="+447700900123"))
    for kind in ("toll_free", "long_code"):
        assert (await as_ada.patch(path, json={"kind": kind})).json()["kind"] == kind
    assert (await as_ada.patch(path, json={"kind": "service"})).status_code == 422


async def test_a_line_tells_of_texts_that_were_not_for_it(
    office: Office, strangers: Office, as_ada: httpx2.AsyncClient
) -> None:
    async with office.sessions.begin() as session:
        for reason in (Misdirected.another_channel, *[Misdirected.unknown_number] * 2):
            await line_refusals.note(session, office.brand.line_id, reason)
    path = f"/v1/lines/{office.brand.line_id}"
    shown = (await as_ada.get(path)).json()["misdirected_texts"]
    assert {(one["reason"], one["times"]) for one in shown} == {
        ("unknown_number", 2),
        ("another_channel", 1),
    }
    [listed] = (await as_ada.get("/v1/lines")).json()["items"]
    assert listed["misdirected_texts"] == shown
    async with strangers.person(strangers.ada) as zoe:
        assert (await zoe.get(path)).status_code == 404


async def test_a_line_cannot_go_to_another_accounts_skill(
    office: Office, strangers: Office, as_ada: httpx2.AsyncClient
) -> None:
    async with strangers.person(strangers.ada) as zoe:
        skill = (await zoe.post("/v1/skills", json={"name": "Theirs"})).json()["id"]
    change = await as_ada.patch(f"/v1/lines/{office.brand.line_id}", json={"entry_skill": skill})
    assert change.status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"connector": "acme-nothing"}, "There is no connector with this id."),
        ({"entry_skill": "acme-nothing"}, "There is no skill with this id."),
    ],
)
async def test_a_line_of_a_missing_connector_or_skill_is_told_which_is_missing(
    office: Office, as_ada: httpx2.AsyncClient, wrong: dict[str, str], sentence: str
) -> None:
    known = (await as_ada.get(f"/v1/lines/{office.brand.line_id}")).json()
    new = {
        "name": "Another line",
        "address": "+15550100077",
        "connector": known["connector_id"],
        "entry_skill": known["entry_skill_id"],
    }
    answer = await as_ada.post("/v1/lines", json=new | wrong)
    assert (answer.status_code, answer.json()["detail"]) == (404, sentence)
