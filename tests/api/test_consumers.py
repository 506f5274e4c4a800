"""Consumers by the API: what is known of them, fields of the account's own, merges, the list."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select, update

from database.queries.consent import Recorded, record_opt_out
from database.tables import Consumer, Conversation, Event
from domain.consent.sources import ConsentSource
from domain.conversation.kinds import Status
from domain.people.roles import Role
from tests.api.conftest import Office
from tests.api.test_problems import check
from tests.database.transcripts import new_conversation

MIA, MIA_AT_WORK, OTHER = "+4915123456701", "+4930123456702", "+15550100003"


async def conversation(
    office: Office, number: str, status: Status = Status.assigned, *, of_ann: bool = True
) -> UUID:
    """Add a conversation; returns its id."""
    agent = office.brand.ann.agent_id if of_ann else office.brand.ben.agent_id
    return await new_conversation(
        office.sessions, office.brand, status, number=number, agent_id=agent
    )


async def consumer_of(office: Office, conversation_id: UUID) -> str:
    async with office.sessions() as session:
        query = select(Conversation.consumer_id).where(Conversation.id == conversation_id)
        return str((await session.scalars(query)).one())


async def consumer(office: Office, number: str, **more: Any) -> str:
    """Return the address of a consumer with a conversation."""
    return f"/v1/consumers/{await consumer_of(office, await conversation(office, number, **more))}"


async def events(office: Office) -> list[Event]:
    async with office.sessions() as session:
        return list(await session.scalars(select(Event).order_by(Event.id)))


@pytest.fixture
async def fields(as_ada: httpx2.AsyncClient) -> dict[str, str]:
    """Fields of the account: their ids by what they are about."""
    wanted: dict[str, dict[str, Any]] = {
        "order": {"name": "Order number", "kind": "text", "is_required": True},
        "tier": {"name": "Tier", "kind": "choice", "choices": ["Gold", "Silver"], "position": 2},
        "credit": {"name": "Credit", "kind": "number", "seen_by": "manager", "edited_by": "admin"},
        "vip": {"name": "VIP", "kind": "yes_no", "edited_by": "manager"},
    }
    made = {}
    for about, body in wanted.items():
        answer = await as_ada.post("/v1/consumer-fields", json=body)
        assert answer.status_code == 201, answer.text
        made[about] = answer.json()["id"]
    return made


def values(shown: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in shown["fields"]}


async def test_what_is_known_of_a_consumer_is_shown_changed_and_told(
    office: Office, as_ann: httpx2.AsyncClient, as_ben: httpx2.AsyncClient
) -> None:
    open_one = await conversation(office, MIA)
    address = f"/v1/consumers/{await consumer_of(office, open_one)}"
    before = (await as_ann.get(address)).json()
    assert (before["name"], before["revision"]) == (None, 0)
    assert before["number_shown"] == "+49 1512 3456701"
    wanted = {"revision": 0, "name": " Mia\u202e Lindner", "email": "mia@ACME.example"}
    changed = await as_ann.patch(address, json=wanted | {"note": "Prefers\nmornings."})
    assert changed.status_code == 200, changed.text
    after = changed.json()
    assert (after["name"], after["email"]) == ("Mia Lindner", "mia@acme.example")
    assert (after["note"], after["revision"]) == ("Prefers\nmornings.", 1)
    listed = (await as_ann.get(f"/v1/conversations/{open_one}")).json()
    assert listed["consumer"]["name"] == "Mia Lindner"

    again = await as_ann.patch(address, json=wanted)
    assert (again.status_code, again.json()["revision"]) == (200, 1), "it came twice"
    told = [one for one in await events(office) if one.kind == "consumer_changed"]
    assert [(one.conversation_id, one.agent_id) for one in told] == [
        (open_one, office.brand.ann.agent_id)
    ]
    assert told[0].data["changed"] == "name,email,note"
    assert "Mia" not in str(told[0].data)

    assert (await as_ben.get(address)).status_code == 404
    assert (await as_ben.patch(address, json={"revision": 1, "name": "X"})).status_code == 404


async def test_nobody_overwrites_what_somebody_else_changed_meanwhile(
    office: Office, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    address = await consumer(office, MIA)
    assert (await as_mia.patch(address, json={"revision": 0, "name": "Mia"})).status_code == 200
    late = await as_ann.patch(address, json={"revision": 0, "name": "Maria"})
    check(late, 409, "consumer_changed")
    assert (await as_ann.get(address)).json()["name"] == "Mia"
    same = await as_ann.patch(address, json={"revision": 0, "name": "Mia"})
    assert same.status_code == 200, "nothing is overwritten"


async def test_what_fits_nowhere_is_refused_and_changes_nothing(
    office: Office, fields: dict[str, str], as_ann: httpx2.AsyncClient
) -> None:
    address = await consumer(office, MIA)
    for wanted, status in (
        ({"name": "\u200b\u3164"}, 422),
        ({"name": "x" * 121}, 422),
        ({"email": "mia"}, 422),
        ({"note": "x" * 4001}, 422),
        ({"fields": {fields["tier"]: "Bronze"}}, 422),
        ({"fields": {fields["order"]: None}}, 422),
        ({"fields": {fields["order"]: 1.5}}, 422),
        ({"fields": {"nothing": "x"}}, 422),
        ({"fields": {fields["vip"]: True}}, 403),
        ({"revision": -1}, 422),
        ({"numbers": []}, 422),
    ):
        refused = await as_ann.patch(address, json={"revision": 0, "name": "Mia"} | wanted)
        assert refused.status_code == status, (wanted, refused.text)
    assert (await as_ann.get(address)).json()["revision"] == 0


async def test_fields_are_seen_and_edited_by_whom_the_account_says(
    office: Office,
    fields: dict[str, str],
    as_ann: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
    as_ada: httpx2.AsyncClient,
) -> None:
    address = await consumer(office, MIA)
    known = {fields["order"]: "A-4711", fields["tier"]: "gold"}
    seen = (await as_ann.patch(address, json={"revision": 0, "fields": known})).json()
    assert values(seen) == {"Order number": "A-4711", "VIP": None, "Tier": "Gold"}
    assert [one["may_edit"] for one in seen["fields"]] == [True, False, True]
    more = {fields["credit"]: "1200.50", fields["vip"]: True}
    refused = await as_mia.patch(address, json={"revision": 1, "fields": more})
    assert refused.status_code == 403
    assert "Credit" in refused.json()["detail"]
    changed = await as_ada.patch(address, json={"revision": 1, "fields": more})
    assert values(changed.json())["Credit"] == "1200.50"
    assert values((await as_mia.get(address)).json())["Credit"] == "1200.50"

    hidden = await as_ann.patch(address, json={"revision": 2, "fields": {fields["credit"]: 1}})
    unknown = await as_ann.patch(address, json={"revision": 2, "fields": {"acme-no": 1}})
    assert (hidden.status_code, hidden.json()["detail"]) == (422, unknown.json()["detail"])
    async with office.program(Role.manager, X_Agent=office.brand.ann.agent_id) as program:
        for client in (as_ann, program):
            assert "1200" not in (await client.get(address)).text
            listed = await client.get("/v1/consumer-fields")
            assert "Credit" not in listed.text
            assert "Tier" in listed.text
            for search, found in (("1200.50", 0), ("4711", 1)):
                answer = await client.get("/v1/consumers", params={"search": search})
                assert len(answer.json()["items"]) == found, (search, answer.text)
    seen_by_managers = await as_mia.get("/v1/consumers", params={"search": "1200.50"})
    assert len(seen_by_managers.json()["items"]) == 1

    retired = f"/v1/consumer-fields/{fields['tier']}"
    assert (await as_ada.delete(retired)).status_code == 204
    assert "Tier" not in values((await as_ann.get(address)).json())
    gone = await as_ann.patch(address, json={"revision": 2, "fields": {fields["tier"]: "Gold"}})
    assert gone.status_code == 422


async def test_fields_are_set_up_by_admins_within_their_limits(
    office: Office, fields: dict[str, str], as_ann: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    tier = f"/v1/consumer-fields/{fields['tier']}"
    changed = (
        await as_ada.patch(tier, json={"choices": ["Gold", "Bronze"], "name": "Rank"})
    ).json()
    assert (changed["choices"], changed["name"], changed["place"]) == (
        ["Gold", "Bronze"],
        "Rank",
        "{tier}",
    )
    assert (await as_ann.patch(tier, json={"name": "Mine"})).status_code == 403
    new: dict[str, Any] = {"name": "Birthday", "kind": "date"}
    assert (await as_ann.post("/v1/consumer-fields", json=new)).status_code == 403
    for odd in (
        {"kind": "colour"},
        {"choices": ["a"]},
        {"kind": "choice"},
        {"seen_by": "admin"},
        {"name": "\u3164"},
        {"name": "Name"},
    ):
        refused = await as_ada.post("/v1/consumer-fields", json=new | odd)
        assert refused.status_code == 422, (odd, refused.text)
    assert (await as_ada.patch(tier, json={"seen_by": "admin"})).status_code == 422


async def test_two_numbers_of_one_person_are_merged_and_parted_again(
    office: Office, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    first, second = await conversation(office, MIA), await conversation(office, MIA_AT_WORK)
    mia, at_work = await consumer_of(office, first), await consumer_of(office, second)
    old = await conversation(office, MIA_AT_WORK, Status.closed)
    named = {"revision": 0, "name": "Mia Lindner"}
    work = {"revision": 0, "name": "M. L.", "email": "mia@acme.example", "note": "At work."}
    assert (await as_ann.patch(f"/v1/consumers/{mia}", json=named)).status_code == 200
    assert (await as_ann.patch(f"/v1/consumers/{at_work}", json=work)).status_code == 200
    async with office.sessions.begin() as session:
        by = Recorded(ConsentSource.agent)
        await record_opt_out(session, office.brand.account_id, UUID(at_work), by)

    merge = f"/v1/consumers/{mia}/merge"
    answer = await as_ann.post(merge, json={"consumer_id": at_work})
    assert answer.status_code == 200, answer.text
    both = answer.json()
    assert (both["name"], both["email"], both["note"]) == (
        "Mia Lindner",
        "mia@acme.example",
        "At work.",
    )
    assert [one["number"] for one in both["numbers"]] == [MIA, MIA_AT_WORK]
    assert [one["is_opted_out"] for one in both["numbers"]] == [False, True]
    assert (both["is_opted_out"], both["numbers"][1]["merged_by"]) == (False, "Ann")
    seen = (await as_ann.get(f"/v1/consumers/{at_work}")).json()
    assert (seen["name"], seen["kept_id"], seen["is_opted_out"]) == ("Mia Lindner", mia, True)
    for consumer_id in (mia, at_work):
        shown = await as_ann.get("/v1/conversations", params={"consumer": consumer_id})
        assert {one["id"] for one in shown.json()["items"]} == {str(first), str(second), str(old)}
        names = {one["consumer"]["name"] for one in shown.json()["items"]}
        assert names == {"Mia Lindner"}
    assert (await as_ann.post(merge, json={"consumer_id": at_work})).json() == both, "twice"
    kinds = [(one.kind, one.conversation_id) for one in await events(office)]
    assert {where for kind, where in kinds if kind == "consumers_merged"} == {first, second}

    edited = {"revision": both["revision"], "note": "At work, mornings."}
    assert (await as_ann.patch(f"/v1/consumers/{at_work}", json=edited)).status_code == 200
    apart = (await as_ann.delete(f"/v1/consumers/{at_work}/merge")).json()
    assert (apart["name"], apart["email"], apart["note"]) == (
        "M. L.",
        "mia@acme.example",
        "At work.",
    )
    assert (apart["kept_id"], apart["is_opted_out"]) == (at_work, True)
    assert len(apart["numbers"]) == 1
    kept = (await as_ann.get(f"/v1/consumers/{mia}")).json()
    assert (kept["name"], kept["email"], kept["note"]) == (
        "Mia Lindner",
        None,
        "At work, mornings.",
    )
    again = await as_ann.delete(f"/v1/consumers/{at_work}/merge")
    assert again.json() == apart
    merged_again = await as_mia.post(merge, json={"consumer_id": at_work})
    assert len(merged_again.json()["numbers"]) == 2


async def test_merging_shows_nobody_what_they_may_not_see(
    office: Office, as_ann: httpx2.AsyncClient, as_ben: httpx2.AsyncClient
) -> None:
    first, second = await conversation(office, MIA), await conversation(office, OTHER, of_ann=False)
    mia, other = await consumer_of(office, first), await consumer_of(office, second)
    merge = f"/v1/consumers/{mia}/merge"
    assert (await as_ann.post(merge, json={"consumer_id": other})).status_code == 404
    assert (await as_ben.post(merge, json={"consumer_id": other})).status_code == 404
    assert (await as_ann.post(merge, json={"consumer_id": mia})).status_code == 422
    async with office.program(Role.manager) as program:
        merged = await program.post(merge, json={"consumer_id": other})
        assert merged.json()["numbers"][1]["merged_by"] is None
    assert (await as_ben.get(f"/v1/consumers/{mia}")).status_code == 200, "one consumer now"
    shown = await as_ben.get("/v1/conversations", params={"consumer": mia})
    assert [one["id"] for one in shown.json()["items"]] == [str(second)], "each sees their own"


async def test_the_list_of_consumers_has_everybody_once_and_is_searched(
    office: Office, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    numbers = [MIA, MIA_AT_WORK, OTHER, *(f"+1555010001{nth}" for nth in range(4))]
    ids = []
    for nth, number in enumerate(numbers):
        of_ann = number != OTHER
        found = await conversation(office, number, Status.closed, of_ann=of_ann)
        ids.append(await consumer_of(office, found))
        async with office.sessions.begin() as session:
            at = datetime.now(UTC) - timedelta(days=nth)
            row = update(Consumer).where(Consumer.id == UUID(ids[-1]))
            await session.execute(row.values(last_text_at=at))
    is_open = await conversation(office, MIA)
    name = {"revision": 0, "name": "Mia % Lindner", "email": "mia@acme.example"}
    await as_ann.patch(f"/v1/consumers/{ids[0]}", json=name)
    await as_ann.post(f"/v1/consumers/{ids[1]}/merge", json={"consumer_id": ids[0]})

    async def listed(client: httpx2.AsyncClient, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = (await client.get("/v1/consumers", params={"limit": 3} | params | cursor)).json()
            found += page["items"]
            if not page["next"]:
                return found
            cursor = {"cursor": page["next"]}

    everybody = await listed(as_mia)
    assert [one["id"] for one in everybody] == [ids[0], *ids[2:]]
    mia = everybody[0]
    assert mia["kept_id"] == ids[1]
    assert mia["numbers"] == ["+49 30 123456702", "+49 1512 3456701"]
    assert mia["open_conversation"]["id"] == str(is_open)
    assert mia["newest_conversation"]["id"] == str(is_open)
    assert everybody[1]["open_conversation"] is None
    assert [one["id"] for one in await listed(as_ann)] == [ids[0], *ids[3:]]
    for search, expected in (
        ("lind", [ids[0]]),
        ("ACME", [ids[0]]),
        ("456702", [ids[0]]),
        ("030 1234 56702", [ids[0]]),
        ("(15) 123 456-701", [ids[0]]),
        ("lindner MIA", [ids[0]]),
        ("mia nobody", []),
        ("%", []),
        ("_", []),
        ("nobody", []),
        ("\u200b", [one["id"] for one in everybody]),
    ):
        assert [one["id"] for one in await listed(as_mia, search=search)] == expected, search
    check(await as_mia.get("/v1/consumers", params={"cursor": "x"}), 422, "invalid")


async def test_panels_fill_in_what_their_reader_may_see(
    office: Office,
    fields: dict[str, str],
    as_ann: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
    as_ada: httpx2.AsyncClient,
) -> None:
    crm = "https://crm.acme.example"
    for name, template in (
        ("Search", f"{crm}/search?n={{number}}&who={{name}}&c={{conversation_id}}"),
        ("Orders", f"{crm}/orders/{{order-number}}"),
        ("Credit", f"{crm}/credit?value={{credit}}"),
    ):
        made = await as_ada.post("/v1/panels", json={"name": name, "template": template})
        assert made.status_code == 201, made.text
        assert made.json()["origin"] == crm
    for odd in (
        "http://crm.acme.example/",
        f"{crm}/{{unknown}}",
        "https://{name}.example/",
        "x",
    ):
        refused = await as_ada.post("/v1/panels", json={"name": "X", "template": odd})
        assert refused.status_code == 422, odd
    assert (await as_mia.get("/v1/panels")).status_code == 403

    about = await conversation(office, MIA)
    address = f"/v1/consumers/{await consumer_of(office, about)}"
    credit = {fields["credit"]: 7}
    named = {"revision": 0, "name": "Mia & Söhne/#", "fields": credit}
    await as_ada.patch(address, json=named)

    async def shown(client: httpx2.AsyncClient) -> dict[str, Any]:
        found = (await client.get(f"/v1/conversations/{about}/panels")).json()["panels"]
        return {one["name"]: (one["url"], one["missing"]) for one in found}

    search = f"{crm}/search?n=%2B4915123456701&who=Mia%20%26%20S%C3%B6hne%2F%23&c={about}"
    seen = await shown(as_ann)
    assert seen == {"Search": (search, []), "Orders": (None, ["Order number"])}
    assert (await shown(as_mia))["Credit"] == (f"{crm}/credit?value=7", [])
    order = {"revision": 1, "fields": {fields["order"]: "A/1"}}
    await as_ann.patch(address, json=order)
    assert (await shown(as_ann))["Orders"] == (f"{crm}/orders/A%2F1", [])
    await as_ada.delete(f"/v1/consumer-fields/{fields['order']}")
    assert set(await shown(as_ann)) == {"Search"}, "its field is gone"
    panel = (await as_ada.get("/v1/panels")).json()["items"][-1]
    moved = {"template": "https://help.acme.example/?c={consumer_id}"}
    changed = await as_ada.patch(f"/v1/panels/{panel['id']}", json=moved)
    assert changed.json()["origin"] == "https://help.acme.example"
    assert (await as_ada.delete(f"/v1/panels/{panel['id']}")).status_code == 204
