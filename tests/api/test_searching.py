"""One search: numbers, names and words, and only of what the caller may see."""

from typing import Any

import httpx2
import pytest
from sqlalchemy import text as sql

from domain.people.roles import Role
from reporting.following import Following
from tests.api.conftest import Office
from tests.api.crowd import NOON, add_conversation
from tests.fixtures.centre import Centre


async def search(client: httpx2.AsyncClient, query: str, **more: Any) -> dict[str, Any]:
    answer = await client.get("/v1/search", params={"q": query} | more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def found(client: httpx2.AsyncClient, query: str, **more: Any) -> list[tuple[str, str]]:
    """Return the conversations a search finds, each with what of it was found."""
    answer = await search(client, query, **more)
    return [(one["conversation"]["id"], one["found_by"]) for one in answer["conversations"]]


async def test_a_conversation_is_found_by_its_number_its_name_and_its_words(
    office: Office, as_mia: httpx2.AsyncClient
) -> None:
    ann = {"agent_id": office.brand.ann.agent_id}
    jane = await add_conversation(
        office, "+491701230004", "Wo bleibt die Rückerstattung?", name="Jane Müller", **ann
    )
    bob = await add_conversation(office, "+15550004321", "注文した東京都庁の本", name="Bob", **ann)
    shop = await add_conversation(office, "SHOP", "Refund of order 4711", **ann)
    for query, wanted in {
        "0170 123 0004": [(jane, "number")],
        "+49 (0)170 1230004": [(jane, "number")],
        "0004": [(jane, "number"), (bob, "number")],
        "…0004": [(jane, "number")],
        "555000": [(bob, "number")],
        "muller": [(jane, "name")],
        "jane 0004": [(jane, "name")],
        "shop": [(shop, "name")],
        "RUCKERST": [(jane, "words")],
        "東京都庁": [(bob, "words")],
        "order refund": [(shop, "words")],
        "4711": [(shop, "words")],
        jane: [(jane, "id")],
    }.items():
        assert await found(as_mia, query) == wanted, query
    [one] = (await search(as_mia, "refund"))["conversations"]
    parts = [(part["text"], part["is_found"]) for part in one["excerpt"]]
    assert parts == [("Refund", True), (" of order 4711", False)]


async def test_open_and_new_ones_come_first_and_a_limit_cuts_the_others_off(
    office: Office, as_mia: httpx2.AsyncClient
) -> None:
    ann, ids = office.brand.ann.agent_id, {}
    for number, (status, hour) in enumerate(
        (("closed", 11), ("assigned", 9), ("closed", 10), ("assigned", 8))
    ):
        at = NOON.replace(hour=hour)
        closed = {"closed_at": at} if status == "closed" else {}
        row: dict[str, Any] = {"status": status, "opened_at": at, "agent_id": ann} | closed
        ids[hour] = await add_conversation(office, f"+1555010{number}", "Hello", **row)
    found_ids = [one for one, _ in await found(as_mia, "555010")]
    assert found_ids == [ids[9], ids[8], ids[11], ids[10]]
    assert [one for one, _ in await found(as_mia, "555010", limit=1)] == [ids[9]]
    assert [one for one, _ in await found(as_mia, "hello", limit=2)] == [ids[11], ids[10]]


async def test_people_lines_and_skills_are_found_by_their_beginnings(
    office: Office, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    brand = office.brand
    answer = await search(as_ann, "s")
    assert [one["name"] for one in answer["skills"]] == ["Sales", "Support"]
    assert [one["id"] for one in answer["lines"]] == [brand.line_id]
    assert [one["id"] for one in (await search(as_ann, "mia"))["people"]] == [brand.mia.agent_id]
    assert [one["id"] for one in (await search(as_ann, "…0001"))["lines"]] == [brand.line_id]
    address = office.email(brand.ben)
    assert (await search(as_ann, address))["people"] == []
    assert [one["name"] for one in (await search(as_mia, address))["people"]] == ["Ben"]


async def test_nobody_finds_what_they_may_not_see(
    office: Office, strangers: Office, as_ann: httpx2.AsyncClient, as_ben: httpx2.AsyncClient
) -> None:
    text = "Confidential delivery"
    mine = await add_conversation(
        office, "+15550100777", text, name="Jane", agent_id=office.brand.ann.agent_id
    )
    for query in ("777", "jane", "confidential", mine):
        assert [one for one, _ in await found(as_ann, query)] == [mine]
        assert await found(as_ben, query) == []
        async with strangers.person(strangers.ada) as as_zoe:
            assert await search(as_zoe, query) == {
                **{kind: [] for kind in ("conversations", "people", "lines", "skills")},
                "is_complete": True,
            }
    async with office.program(Role.manager) as program:
        assert [one for one, _ in await found(program, "confidential")] == [mine]


async def test_what_is_known_of_a_consumer_finds_them_for_whoever_may_see_it(
    office: Office, as_ann: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    mine = await add_conversation(office, "+15550123", agent_id=office.brand.ann.agent_id)
    consumer = (await as_ann.get(f"/v1/conversations/{mine}")).json()["consumer"]["id"]
    fields = {}
    for name, seen_by in (("Order", "agent"), ("Debt", "manager")):
        field = {"name": name, "kind": "text", "seen_by": seen_by, "edited_by": "manager"}
        made = await as_ada.post("/v1/consumer-fields", json=field)
        assert made.status_code == 201, made.text
        fields[made.json()["id"]] = f"{name} 4711"
    known = {"name": "Zoë Lang", "email": "zoe@acme.example", "fields": fields}
    changed = await as_ada.patch(f"/v1/consumers/{consumer}", json={"revision": 0} | known)
    assert changed.status_code == 200, changed.text
    for query in ("zoe", "zoe@acme.example", "order 4711", "zoe 5550123"):
        assert await found(as_ann, query) == [(mine, "name")], query
    assert (await found(as_ann, "debt"), await found(as_ada, "debt")) == ([], [(mine, "name")])
    emptied = {"revision": changed.json()["revision"], "name": None}
    assert (await as_ada.patch(f"/v1/consumers/{consumer}", json=emptied)).status_code == 200
    assert await found(as_ann, "lang") == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "%",
        "_",
        "'",
        "a",
        "1",
        "\\",
        "\x00\x01\x1b\u202e",
        "' & | ! ( ) <-> :* --",
        "word " * 1000,
        " ".join(f"w{number}" for number in range(1000)),
        "9" * 5000,
        "東" * 3000,
        "\U0001f600",
    ],
    ids=lambda query: repr(query[:12]),
)
async def test_whatever_is_typed_is_answered(
    office: Office, as_ann: httpx2.AsyncClient, query: str
) -> None:
    await add_conversation(office, "+15550123", "100 % sure", agent_id=office.brand.ann.agent_id)
    assert await found(as_ann, query) == []


async def test_what_takes_too_long_is_left_out_and_the_rest_is_found(
    office: Office, as_ann: httpx2.AsyncClient
) -> None:
    mine = await add_conversation(
        office, "+15550100777", "Order 777", agent_id=office.brand.ann.agent_id
    )
    async with office.sessions.begin() as session:
        await session.execute(sql("LOCK TABLE conversation_record IN ACCESS EXCLUSIVE MODE"))
        answer = await search(as_ann, "777")
        assert [one["found_by"] for one in answer["conversations"]] == ["number"]
        assert answer["is_complete"] is False
    assert (await search(as_ann, "order"))["conversations"][0]["conversation"]["id"] == mine


async def test_a_text_is_found_once_its_record_is_written_and_no_automatic_one_is(
    office: Office, centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    await centre.text("Where is my réfund?")
    row = await centre.when("waiting")
    follower = Following(office.sessions, str(centre.settings.database.database_url))
    await follower.read([office.brand.account_id])
    assert await found(as_mia, "REFUND where") == [(str(row.id), "words")]
    assert await found(as_mia, "5550123") == [(str(row.id), "number")]
    assert await found(as_mia, "welcome") == []
