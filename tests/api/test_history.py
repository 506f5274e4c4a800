"""All conversations: each filter, several together, every order to its end, and who sees what."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

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


async def add_team(admin: httpx2.AsyncClient, name: str, *people: str) -> str:
    answer = await admin.post("/v1/teams", json={"name": name, "people": people})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


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

    def said(recommends: int, resolved: int) -> dict[str, Any]:
        answers = {"recommend": recommends, "resolved": resolved}
        given = [{"question": name, "value": value} for name, value in answers.items()]
        return {"survey_answers": [*given, {"question": "comment", "text": "So-so"}]}

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
            | {"skill_id": brand.sales, "origin": "call", "origin_id": "call-1"}
            | said(7, 0),
        ),
        "best": await add_conversation(
            office,
            "+15550108888",
            "Great",
            **ben
            | closed(NOON - DAY, 500, survey_score=5, survey_satisfied=True, **rated)
            | {"origin": "source", "origin_id": "poster"}
            | said(10, 1),
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
        ({"nps": 10}, ["best"]),
        ({"nps": [7, 8, 10]}, ["best", "rated"]),
        ({"nps": 0}, []),
        ({"nps_group": "promoter"}, ["best"]),
        ({"nps_group": ["passive", "detractor"]}, ["rated"]),
        ({"nps_group": "detractor"}, []),
        ({"nps_group": "passive", "nps": [7, 10]}, ["rated"]),
        ({"nps_group": "promoter", "nps": 7}, []),
        ({"resolved": True}, ["best"]),
        ({"resolved": False}, ["rated"]),
        ({"resolved": False, "score": 5}, []),
        ({"conversation": past["old"]}, ["old"]),
        ({"conversation": [past["old"], past["open"], str(uuid4())]}, ["open", "old"]),
        ({"conversation": [past["old"], past["best"]], "sort": "score"}, ["best", "old"]),
        ({"conversation": past["old"], "opened_days": 1}, []),
        ({"conversation": past["old"], "status": "closed", "q": "parcel"}, ["old"]),
        ({"conversation": str(uuid4())}, []),
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
    for name, answers in (("best", (10, True)), ("rated", (7, False)), ("open", (None, None))):
        [hit] = (await look(as_mia, conversation=past[name]))["items"]
        assert (hit["survey_nps"], hit["survey_resolved"]) == answers
    [hit] = (await look(as_mia, q="deliver neighbour"))["items"]
    [excerpt] = hit["excerpts"]
    assert [one["text"] for one in excerpt["parts"] if one["is_found"]] == [
        *("delivered", "neighbour"),
    ]
    assert (hit["duration_seconds"], hit["texts_in"]) == (1800, 1)


async def test_conversations_of_a_team_are_those_its_people_had_began_or_closed(
    past: dict[str, str], office: Office, as_ada: httpx2.AsyncClient
) -> None:
    brand = office.brand
    ben, mia = brand.ben.agent_id, brand.mia.agent_id
    over = {"status": "closed", "closed_at": NOON, "close_reason": "manager", "closed_by": mia}
    row: dict[str, Any] = {"agent_id": ben, "opened_by": mia}
    began = await add_conversation(office, "+15550101111", "Hello", **row)
    row = {"agent_id": ben, **over}
    ended = await add_conversation(office, "+15550102222", "Hello", **row)
    await record(office, began, ended)
    ones = await add_team(as_ada, "Ones", brand.ann.agent_id)
    heads = await add_team(as_ada, "Heads", mia)
    nobody = await add_team(as_ada, "Nobody")
    both = {began, ended}
    as_whole: list[tuple[dict[str, Any], set[str]]] = [
        ({"team": ones}, {past["open"], past["rated"]}),
        ({"team": heads}, both),
        ({"team": [ones, heads]}, {past["open"], past["rated"], *both}),
        ({"team": ones, "agent": brand.ann.agent_id, "score": 2}, {past["rated"]}),
        ({"team": heads, "agent": brand.ann.agent_id}, set()),
        ({"team": nobody}, set()),
        ({"team": "never-there"}, set()),
    ]
    for params, found in as_whole:
        assert set(await ids(as_ada, **params)) == found, params
        count = (await as_ada.get(f"{HISTORY}/count", params=params)).json()
        assert count == {"count": len(found)}, params
    people = [brand.ann.agent_id, brand.ben.agent_id]
    await as_ada.patch(f"/v1/teams/{ones}", json={"people": people})
    everything = {*past.values(), *both}
    assert set(await ids(as_ada, team=ones)) == everything, "who is in it today, for then"


async def test_a_team_shows_its_reader_nothing_that_they_do_not_see_anyway(
    past: dict[str, str],
    office: Office,
    as_ada: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
    as_ann: httpx2.AsyncClient,
) -> None:
    brand = office.brand
    hers = await add_team(as_ada, "Hers", brand.mia.agent_id, brand.ann.agent_id)
    others = await add_team(as_ada, "Others", brand.ben.agent_id)
    seen = {past["open"], past["rated"]}
    assert set(await ids(as_mia)) == set(await ids(as_mia, team=hers)) == seen
    assert await ids(as_mia, team=others) == []
    assert await ids(as_mia, conversation=list(past.values())) == [past["open"], past["rated"]]
    assert await ids(as_ann, conversation=past["old"]) == []
    for path in (HISTORY, f"{HISTORY}/count"):
        refused = await as_ann.get(path, params={"team": hers})
        assert refused.status_code == 403
        assert refused.json()["detail"] == "Managers look for conversations by team."


async def test_what_is_of_another_account_is_not_found(
    past: dict[str, str], office: Office, strangers: Office, as_ada: httpx2.AsyncClient
) -> None:
    ours = await add_team(as_ada, "Ours", office.brand.ann.agent_id)
    async with strangers.person(strangers.ada) as zoe:
        assert await ids(zoe, conversation=past["open"]) == []
        assert await ids(zoe, team=ours) == []


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
        ({"nps": 11}, "nps"),
        ({"nps": -1}, "nps"),
        ({"nps_group": "fans"}, "nps_group"),
        ({"resolved": "maybe"}, "resolved"),
        ({"conversation": "1234"}, "conversation"),
        ({"conversation": [str(uuid4())] * 51}, "conversation"),
        ({"team": "No Team"}, "team"),
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
    for bad in (
        *({"scores": [1]}, {"score": [11]}, {"duration_from": 2, "duration_to": 1}),
        *({"number_part": "5"}, {"number": "2125550100"}, {"field": ["nowhere:x"]}),
    ):
        assert (await as_ann.patch(path, json={"filters": bad})).status_code == 422, bad
        assert (await as_ann.post(views, json={"name": "Odd", "filters": bad})).status_code == 422
    of_team = {"name": "Theirs", "filters": {"team": ["any"]}}
    assert (await as_ann.post(views, json=of_team)).status_code == 403
    assert (await as_ann.delete(f"{views}/{shared.json()['id']}")).status_code == 403
    assert (await as_ann.delete(path)).status_code == 204
    assert await names(as_ann) == ["All"]
