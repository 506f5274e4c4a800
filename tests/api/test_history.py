"""All conversations: each filter, several together, every order to its end, and who sees what."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest

from database.queries.records import listing, search
from database.queries.records.places import Sort
from reporting import records
from tests.api.conftest import Office
from tests.api.crowd import NOON, add_conversation

HISTORY = "/v1/history"
DAY = timedelta(days=1)


async def look(client: httpx2.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await client.get(HISTORY, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def ids(client: httpx2.AsyncClient, **params: Any) -> list[str]:
    return [one["id"] for one in (await look(client, **params))["items"]]


async def to_the_end(client: httpx2.AsyncClient, **params: Any) -> list[str]:
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await look(client, **params, **({"cursor": cursor} if cursor else {}))
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
    return found


async def record(office: Office, *made: str) -> None:
    async with office.sessions.begin() as session:
        await records.write(session, office.brand.account_id, [UUID(one) for one in made])


@pytest.fixture
async def past(office: Office) -> dict[str, str]:
    """Conversations of several months, by what they are."""
    brand = office.brand
    ann, ben = {"agent_id": brand.ann.agent_id}, {"agent_id": brand.ben.agent_id}
    waits = {"waiting_since": NOON, "response_due_at": NOON + timedelta(minutes=5)}

    def closed(opened: datetime, minutes: int, **row: Any) -> dict[str, Any]:
        at = opened + timedelta(minutes=minutes)
        over = {"status": "closed", "opened_at": opened, "closed_at": at, "close_reason": "agent"}
        return over | {"last_message_at": at} | row

    rated = {"survey_outcome": "completed", "survey_scale": "one_to_five"}
    made = {
        "open": await add_conversation(
            office, "+491701230004", "Wo bleibt die Lieferung?", name="Jane Müller", **ann | waits
        ),
        "old": await add_conversation(
            office,
            "+15550004321",
            "My parcel was delivered to a neighbour",
            name="Bob",
            **ben | closed(NOON - 70 * DAY, 30, language="en", priority="high"),
        ),
        "rated": await add_conversation(
            office,
            "+15550107777",
            "Thank you",
            **ann
            | closed(NOON - 5 * DAY, 10, survey_score=2, survey_satisfied=False, **rated)
            | {"skill_id": brand.sales, "origin": "call", "origin_id": "call-1"},
        ),
        "best": await add_conversation(
            office,
            "+15550108888",
            "Great",
            **ben
            | closed(NOON - DAY, 500, survey_score=5, survey_satisfied=True, **rated)
            | {"origin": "source", "origin_id": "poster"},
        ),
    }
    await record(office, *made.values())
    return made


async def test_any_filters_are_combined(
    past: dict[str, str], office: Office, as_mia: httpx2.AsyncClient
) -> None:
    brand = office.brand
    wanted: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["open", "best", "rated", "old"]),
        ({"status": ["closed"]}, ["best", "rated", "old"]),
        ({"agent": brand.ann.agent_id}, ["open", "rated"]),
        ({"agent": [brand.ann.agent_id, brand.ben.agent_id], "skill": brand.sales}, ["rated"]),
        ({"took_part": brand.ben.agent_id, "score": [4, 5]}, ["best"]),
        ({"opened_until": (NOON - 2 * DAY).isoformat()}, ["rated", "old"]),
        ({"closed_from": (NOON - 6 * DAY).isoformat()}, ["best", "rated"]),
        ({"last_message_until": (NOON - 3 * DAY).isoformat(), "origin": "call"}, ["rated"]),
        ({"source": "poster"}, ["best"]),
        ({"origin_id": ["call-1", "poster"]}, ["best", "rated"]),
        ({"source": "poster", "origin_id": "poster"}, ["best"]),
        ({"source": "poster", "origin_id": "call-1"}, []),
        ({"source": "poster", "origin": "call"}, []),
        ({"number": "+49 170 1230004"}, ["open"]),
        ({"number_part": "0004"}, ["open", "old"]),
        ({"number_part": "…0004"}, ["open"]),
        ({"name": "muller jane"}, ["open"]),
        ({"name": "nobody"}, []),
        ({"satisfied": False}, ["rated"]),
        ({"survey": "none"}, ["open", "old"]),
        ({"language": "en", "priority": "high"}, ["old"]),
        ({"response": "overdue"}, ["open"]),
        ({"response": ["late", "overdue", "in_time"], "opened_days": 3660}, ["open"]),
        ({"response": "waits", "first_response_to": 60}, []),
        ({"close_reason": "agent", "duration_from": 1200}, ["best", "old"]),
        ({"duration_from": 600, "duration_to": 600}, ["rated"]),
        ({"q": "deliver neighbors"}, []),
        ({"q": "deliveries"}, ["old"]),
        ({"q": "delivers"}, ["old"]),
        ({"q": "lieferungen WO"}, ["open"]),
        ({"q": '"was delivered to"'}, ["old"]),
        ({"q": '"delivered was"'}, []),
        ({"q": "%"}, []),
        ({"q": " ".join(["word"] * 1000)}, []),
        ({"q": "a"}, ["old"]),
        ({"line": "never-there"}, []),
    ]
    for params, names in wanted:
        assert await ids(as_mia, **params) == [past[name] for name in names], params
        count = (await as_mia.get(f"{HISTORY}/count", params=params)).json()
        assert count == {"count": len(names)}, params
    [hit] = (await look(as_mia, q="deliver neighbour"))["items"]
    [excerpt] = hit["excerpts"]
    assert [one["text"] for one in excerpt["parts"] if one["is_found"]] == [
        *("delivered", "neighbour"),
    ]
    assert (hit["duration_seconds"], hit["texts_in"]) == (1800, 1)


async def test_of_several_values_of_an_own_field_one_holds(
    past: dict[str, str], office: Office, as_ada: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    tier = {"name": "Tier", "kind": "choice", "choices": ["gold", "silver", "tin"]}
    for new in (tier, {"name": "VIP", "kind": "yes_no"}):
        assert (await as_ada.post("/v1/consumer-fields", json=new)).status_code == 201
    fields = (await as_ada.get("/v1/consumer-fields")).json()["items"]
    of_tier, of_vip = (one["place"].strip("{}") for one in fields)
    known = {"open": ("gold", True), "old": ("silver", True), "rated": ("tin", True)}
    for name, (value, is_vip) in known.items():
        found = (await as_mia.get(f"/v1/conversations/{past[name]}")).json()
        path = f"/v1/consumers/{found['consumer']['id']}"
        values = {fields[0]["id"]: value, fields[1]["id"]: is_vip}
        answer = await as_mia.patch(path, json={"revision": 0, "fields": values})
        assert answer.status_code == 200, answer.text
    gold, silver = f"{of_tier}:gold", f"{of_tier}:silver"
    for wanted, names in (
        ([gold, silver], ["open", "old"]),
        ([silver, gold], ["open", "old"]),
        ([gold], ["open"]),
        ([gold, silver, f"{of_vip}:yes"], ["open", "old"]),
        ([gold, silver, f"{of_vip}:no"], []),
        ([gold, f"{of_vip}:no", f"{of_vip}:yes"], ["open"]),
    ):
        assert await ids(as_mia, field=wanted) == [past[one] for one in names], wanted


async def test_a_plus_sign_that_was_not_encoded_is_read_as_one(
    past: dict[str, str], as_mia: httpx2.AsyncClient
) -> None:
    for query in ("number=+491701230004", "number_part=+491701230004"):
        found = (await as_mia.get(f"{HISTORY}?{query}")).json()
        assert [one["id"] for one in found["items"]] == [past["open"]], query
        assert (await as_mia.get(f"{HISTORY}/count?{query}")).json() == {"count": 1}, query


async def test_every_order_goes_to_its_end_in_both_directions(
    past: dict[str, str], as_mia: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = {
        "opened": ["open", "best", "rated", "old"],
        "closed": ["best", "rated", "old", "open"],
        "last_message": ["open", "best", "rated", "old"],
        "duration": ["best", "old", "rated", "open"],
        "score": ["best", "rated", "open", "old"],
    }
    for windows in ((2_000,), (1,), ()):
        monkeypatch.setattr(search, "WINDOWS", windows)
        for sort, names in orders.items():
            expected = [past[one] for one in names]
            assert await to_the_end(as_mia, sort=sort, limit=1) == expected, sort
            assert await to_the_end(as_mia, sort=sort, limit=3) == expected, sort
            missing = {"closed": 1, "duration": 1, "score": 2}.get(sort, 0)
            has, lacks = expected[: 4 - missing], expected[4 - missing :]
            upwards = await to_the_end(as_mia, sort=sort, limit=2, direction="up")
            assert upwards == has[::-1] + lacks[::-1], sort
            some = await to_the_end(as_mia, sort=sort, limit=1, status="closed")
            assert some == [one for one in expected if one != past["open"]], sort


async def test_odd_parameters_get_an_answer_that_helps(
    past: dict[str, str], as_mia: httpx2.AsyncClient, as_ann: httpx2.AsyncClient
) -> None:
    for params, words in (
        ({"opened_from": NOON.isoformat(), "opened_until": (NOON - DAY).isoformat()}, "earlier"),
        ({"duration_from": 9, "duration_to": 8}, "shorter"),
        ({"number_part": "12"}, "3 digits"),
        ({"field": "tier:gold"}, "field tier"),
        ({"statuss": "closed"}, "Unknown parameter"),
        ({"score": "best"}, "score"),
        ({"opened_from": "yesterday"}, "opened_from"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"limit": 101}, "limit"),
    ):
        for path in (HISTORY, f"{HISTORY}/count"):
            answer = await as_mia.get(path, params=params)
            assert answer.status_code == 422, params
        answer = await as_mia.get(HISTORY, params=params)
        assert words in answer.text, answer.text
    same = {"opened_from": NOON.isoformat(), "opened_until": NOON.isoformat()}
    assert await ids(as_mia, **same) == []
    endless = {"opened_from": "0001-01-01T00:00:00Z", "opened_until": "9999-12-31T23:59:59Z"}
    assert len(await ids(as_mia, **endless)) == 4
    cursor = (await look(as_mia, limit=1))["next"]
    other = await as_mia.get(HISTORY, params={"cursor": cursor, "sort": "closed"})
    assert other.status_code == 422
    assert set(await ids(as_ann)) == {past["open"], past["rated"]}
    columns = (await as_ann.get(f"{HISTORY}/columns")).json()["items"]
    assert {one["sort"] for one in columns} - {None} == set(Sort)


async def test_a_search_without_time_says_so(
    past: dict[str, str], as_mia: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "BUDGET_SECONDS", -1.0)
    monkeypatch.setattr(search, "WINDOWS", (1,))
    first = await look(as_mia, q="delivered")
    assert (first["items"], first["is_complete"]) == ([], False)
    seen, cursor = [], first["next"]
    while cursor is not None:
        page = await look(as_mia, q="delivered", cursor=cursor)
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert seen == [past["old"]], "the next pages go on looking"
    assert (await as_mia.get(f"{HISTORY}/count")).json() == {"count": None}


async def test_views_keep_filters_an_order_and_columns(
    as_ann: httpx2.AsyncClient, as_ben: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    views = f"{HISTORY}/views"
    filters = {"score": [1, 2], "opened_days": 30, "sort": "score", "direction": "up"}
    new = {"name": "Bad", "filters": filters, "columns": ["score", "consumer"]}
    own = (await as_ann.post(views, json=new)).json()
    assert own["columns"] == ["score", "consumer"]
    assert {name: own["filters"][name] for name in filters} == filters
    assert (await as_ann.post(views, json=new | {"is_shared": True})).status_code == 403
    shared = await as_mia.post(views, json={"name": "All", "filters": {}, "is_shared": True})
    assert shared.json()["columns"][0] == "opened"

    async def names(client: httpx2.AsyncClient) -> list[str]:
        return [one["name"] for one in (await client.get(views)).json()["items"]]

    assert (await names(as_ann), await names(as_ben)) == (["Bad", "All"], ["All"])
    assert (await as_ann.get("/v1/views")).json()["items"] == []
    path = f"{views}/{own['id']}"
    assert (await as_ben.get(path)).status_code == 404
    assert (await as_ann.get(f"/v1/views/{own['id']}")).status_code == 404
    changed = (await as_ann.patch(path, json={"columns": ["opened"]})).json()
    assert (changed["columns"], changed["name"]) == (["opened"], "Bad")
    for bad in ({"scores": [1]}, {"score": [11]}, {"duration_from": 2, "duration_to": 1}):
        assert (await as_ann.patch(path, json={"filters": bad})).status_code == 422, bad
    assert (await as_ann.delete(f"{views}/{shared.json()['id']}")).status_code == 403
    assert (await as_ann.delete(path)).status_code == 204
    assert await names(as_ann) == ["All"]
