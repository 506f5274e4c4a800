"""Lists of conversations: filters together, orders that hide nothing, cursors, named views."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import update

from database.tables import Conversation
from tests.api.conftest import Office
from tests.api.crowd import NOON, add_conversation

LIST = "/v1/conversations"


async def ids(client: httpx2.AsyncClient, **params: Any) -> list[str]:
    answer = await client.get(LIST, params=params)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


async def to_the_end(client: httpx2.AsyncClient, **params: Any) -> list[str]:
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        more = {"cursor": cursor} if cursor else {}
        page = (await client.get(LIST, params=params | more)).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
    return found


@pytest.fixture
async def mixed(office: Office) -> dict[str, str]:
    """Conversations in several states, by what they are."""
    brand, now = office.brand, datetime.now(UTC)
    ann, ben = {"agent_id": brand.ann.agent_id}, {"agent_id": brand.ben.agent_id}

    def waits(minutes: int, due: int | None = None) -> dict[str, Any]:
        due_at = None if due is None else now + timedelta(minutes=due)
        return {"waiting_since": now - timedelta(minutes=minutes), "response_due_at": due_at}

    rows: dict[str, dict[str, Any]] = {
        "closed": ann | {"status": "closed", "closed_at": NOON},
        "bens": ben | {"status": "closed", "closed_at": NOON},
        "answered": ann,
        "long": ann | waits(60),
        "overdue": ann | waits(30, due=-5),
        "short": ann | waits(2, due=-1) | {"skill_id": brand.sales},
        "queued": {"status": "waiting"} | waits(45),
    }
    made = {}
    for number, (what, values) in enumerate(rows.items()):
        values["opened_at"] = NOON + timedelta(minutes=number)
        made[what] = await add_conversation(office, f"+1555010{number:04}", "Hi", **values)
    return made


async def test_filters_are_combined(
    office: Office, mixed: dict[str, str], as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    what = {id_: name for name, id_ in mixed.items()}
    for params, wanted in (
        ({"view": "done"}, ["closed"]),
        ({"view": "done", "status": "closed"}, ["closed"]),
        ({"view": "done", "status": "survey"}, []),
        ({"view": "done", "agent": office.brand.ben.agent_id}, []),
        ({"view": "mine", "status": ["waiting", "closed"]}, []),
        ({"view": "waiting", "status": "assigned", "sort": "newest"}, []),
        ({"view": "mine", "unanswered": True}, ["short", "overdue", "long"]),
        ({"view": "mine", "overdue": True}, ["short", "overdue"]),
        ({"view": "mine", "overdue": True, "skill": office.brand.sales}, ["short"]),
        ({"waits_minutes": 20, "status": "assigned"}, ["overdue", "long"]),
        ({"waits_minutes": 20}, ["queued", "overdue", "long"]),
        ({"number_part": "…0002"}, ["answered"]),
        ({"number_part": "0100002"}, ["answered"]),
        ({"number_part": "555010", "status": ["closed"]}, ["closed"]),
        ({"unread": True}, ["short", "overdue", "long", "answered"]),
        ({"unread": True, "overdue": True, "number_part": "0005"}, ["short"]),
    ):
        assert [what[one] for one in await ids(as_ann, **params)] == wanted, params
    assert await ids(as_mia, view="mine") == await ids(as_mia, unread=True) == []
    assert [what[one] for one in await ids(as_mia, agent=office.brand.ben.agent_id)] == ["bens"]
    national = {"number": "0170 1234567"}
    for path, params in (
        (LIST, {"number_part": "12"}),
        (LIST, national),
        ("/v1/history", national),
    ):
        refused = await as_ann.get(path, params=params)
        assert (refused.status_code, refused.json()["code"]) == (422, "number_invalid"), path
    assert "international form" in refused.json()["detail"]


async def test_what_waits_longest_comes_first_however_long_the_list_is(
    office: Office, mixed: dict[str, str], as_ann: httpx2.AsyncClient
) -> None:
    what = {id_: name for name, id_ in mixed.items()}
    by_wait = ["long", "queued", "overdue", "short", "answered", "closed"]
    by_deadline = ["long", "queued", "overdue", "short", "answered", "closed"]
    for limit in (1, 2, 3, 100):
        for sort, wanted in (("longest_waiting", by_wait), ("due_first", by_deadline)):
            seen = await to_the_end(as_ann, sort=sort, limit=limit)
            assert [what[one] for one in seen] == wanted, (sort, limit)
    queue = await to_the_end(as_ann, view="waiting", sort="longest_waiting", limit=1)
    assert [what[one] for one in queue] == ["queued"]


async def test_a_list_can_be_read_on_while_it_changes_and_loses_nothing_that_waits(
    office: Office, mixed: dict[str, str], as_ann: httpx2.AsyncClient
) -> None:
    wanted: dict[str, str | int] = {"sort": "longest_waiting", "limit": 2}
    first = (await as_ann.get(LIST, params=wanted)).json()
    async with office.sessions.begin() as session:
        change = update(Conversation).where(Conversation.id == mixed["answered"])
        await session.execute(change.values(waiting_since=datetime.now(UTC)))
    rest = await to_the_end(as_ann, **wanted, cursor=first["next"])
    seen = [one["id"] for one in first["items"]] + rest
    assert Counter(seen) == Counter(set(mixed.values()) - {mixed["bens"]})
    other = await as_ann.get(LIST, params={"sort": "newest", "cursor": first["next"]})
    assert other.status_code == 422, "a cursor belongs to its order"


async def test_views_are_kept_shared_counted_and_put_in_order(
    office: Office, mixed: dict[str, str], as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    overdue = {"view": "mine", "overdue": True, "sort": "due_first"}
    own = await as_ann.post("/v1/views", json={"name": "Overdue", "filters": overdue})
    assert own.status_code == 201, own.text
    assert (own.json()["count"], own.json()["is_shared"]) == (2, False)
    done = {"name": "Done", "filters": {"status": ["closed"]}, "is_shared": True}
    refused = await as_ann.post("/v1/views", json=done)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    shared = (await as_mia.post("/v1/views", json=done)).json()
    assert shared["count"] == 2

    async def names(client: httpx2.AsyncClient) -> list[tuple[str, int | None]]:
        views = (await client.get("/v1/views", params={"counts": True})).json()["items"]
        return [(one["name"], one["count"]) for one in views]

    assert await names(as_ann) == [("Overdue", 2), ("Done", 1)]
    assert await names(as_mia) == [("Done", 2)], "each counts what they may see"
    order = {"ids": [shared["id"], str(uuid4()), own.json()["id"]]}
    assert (await as_ann.put("/v1/views/order", json=order)).status_code == 200
    assert await names(as_ann) == [("Done", 1), ("Overdue", 2)]
    path = f"/v1/views/{own.json()['id']}"
    change = {"name": "Late", "filters": {"skill": office.brand.sales}}
    changed = (await as_ann.patch(path, json=change)).json()
    assert (changed["name"], changed["filters"]["overdue"], changed["count"]) == ("Late", False, 1)
    assert (await as_mia.get(path)).status_code == 404
    assert (await as_ann.delete(f"/v1/views/{shared['id']}")).status_code == 403
    assert (await as_ann.delete(path)).status_code == 204
    assert await names(as_ann) == [("Done", 1)]
    for bad in ({}, {"waits_minutes": -1}, {"number_part": "1"}, {"skill": "%"}, {"x": 1}):
        answer = await as_ann.post("/v1/views", json={"name": "Bad", "filters": bad})
        assert answer.status_code == 422, bad


async def test_there_are_not_more_views_than_a_person_can_read(
    office: Office, as_ann: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.looking.views.MOST_VIEWS", 1)
    monkeypatch.setattr("services.history.views.MOST_VIEWS", 1)
    for path, filters in (("/v1/views", {"unread": True}), ("/v1/history/views", {})):
        view = {"name": "One", "filters": filters}
        answers = await asyncio.gather(*(as_ann.post(path, json=view) for _ in range(4)))
        assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
