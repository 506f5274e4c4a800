"""The board for programs: who waits, who owes an answer, what was done today, and what is set."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, update

from database.tables import Event, QueueEntry
from settings import Settings
from tests.api.conftest import Office
from tests.api.crowd import add_conversation
from tests.api.test_reports import counted
from tests.fixtures.centre import Centre
from workflows.conversation.commands import Close

pytestmark = pytest.mark.usefixtures("in_one_day")


async def test_the_figures_of_today_are_counted_from_what_people_did(
    office: Office,
    settings: Settings,
    centre: Centre,
    as_mia: httpx2.AsyncClient,
    as_ann: httpx2.AsyncClient,
) -> None:
    ann = office.brand.ann
    await centre.text("hello")
    await centre.when("waiting")
    waiting = (await as_mia.get("/v1/board")).json()
    queue = next(one for one in waiting["queues"] if one["skill_id"] == office.brand.support)
    assert queue["ages"] == [1, 0, 0, 0, 0]
    async with office.sessions.begin() as session:
        late = datetime.now(UTC) - timedelta(minutes=20)
        await session.execute(update(QueueEntry).values(entered_at=late))
    waiting = (await as_mia.get("/v1/board")).json()
    queue = next(one for one in waiting["queues"] if one["skill_id"] == office.brand.support)
    assert queue["ages"] == [0, 0, 0, 1, 0]
    await centre.assign(ann.agent_id, "Ann")
    owed = (await as_mia.get("/v1/board")).json()
    assert of(owed, ann.agent_id)["owed"]["unanswered"] == 1
    path = f"/v1/conversations/{(await centre.conversation()).id}"
    for words in ("one", "two"):
        await as_ann.post(f"{path}/replies", json={"text": words})
    await centre.give(Close(key="c1", actor=ann))
    await centre.when("survey")
    await centre.text("5")
    await centre.when("closed")
    await counted(office, settings)
    board = (await as_mia.get("/v1/board")).json()
    ratings = {"answers": 1, "satisfied": 1, "percent": 100}
    done = {"handled": 1, "closed": 1, "first_response_seconds": 0, "ratings": ratings}
    for today in (of(board, ann.agent_id)["today"], board["today"]):
        assert today | {"first_response_seconds": 0} == done
        assert 0 <= today["first_response_seconds"] < 120
    assert of(board, office.brand.ben.agent_id)["today"] == {
        "handled": 0,
        "closed": 0,
        "first_response_seconds": None,
        "ratings": {"answers": 0, "satisfied": 0, "percent": None},
    }
    assert of(board, ann.agent_id)["owed"] == {"unanswered": 0, "overdue": 0, "since": None}


async def test_what_is_due_and_the_load_of_all_together_are_live(
    office: Office, as_mia: httpx2.AsyncClient, as_ann: httpx2.AsyncClient
) -> None:
    brand, now = office.brand, datetime.now(UTC)
    ann: dict[str, Any] = {"agent_id": brand.ann.agent_id}
    minute = timedelta(minutes=1)
    due = (-minute, 3 * minute, 20 * minute)
    for place, left in enumerate(due):
        waits: dict[str, Any] = {"waiting_since": now - minute, "response_due_at": now + left}
        await add_conversation(office, f"+155503{place:05}", "Hello?", **ann | waits)
    snoozed: dict[str, Any] = {
        "snoozed_at": now,
        "waiting_since": now,
        "response_due_at": now - minute,
    }
    await add_conversation(office, "+15550399991", "Later", **ann | snoozed)
    await add_conversation(office, "+15550399992", "Thanks", **ann)
    in_queue: dict[str, Any] = {
        "status": "waiting",
        "waiting_since": now,
        "response_due_at": now + minute,
    }
    await add_conversation(office, "+15550399993", "Anybody?", **in_queue)
    await add_conversation(office, "+15550399994", "Bye", **ann, status="closed", closed_at=now)
    present = (await as_mia.get("/v1/board")).json()["present"]
    counts = ("open", "waiting", "assigned", "unanswered", "overdue", "soon_overdue")
    assert [present[one] for one in counts] == [6, 1, 5, 5, 2, 2]
    assert present["load_percent"] is None, "nobody is online"
    assert present["ratings"] == {"answers": 0, "satisfied": 0, "percent": None}
    await as_ann.put(f"/v1/agents/{brand.ann.agent_id}/state", json={"state": "online"})
    await as_ann.put(f"/v1/agents/{brand.ben.agent_id}/state", json={"state": "away"})
    board = (await as_mia.get("/v1/board")).json()
    hers = of(board, brand.ann.agent_id)
    assert board["present"]["load_percent"] == round(100 * hers["load"] / hers["capacity"])
    assert board["present"]["agents_by_state"]["online"] == 1
    assert sum(board["present"]["agents_by_state"].values()) == len(board["agents"])
    work = (await as_ann.get("/v1/me/work")).json()
    assert [work[one] for one in ("mine", "unanswered", "overdue", "soon_overdue")] == [4, 3, 1, 1]


def of(board: Any, agent_id: str) -> Any:
    return next(one for one in board["agents"] if one["agent"]["id"] == agent_id)


async def test_a_manager_sets_state_and_capacity_of_others_and_it_is_known_who_did(
    office: Office, as_mia: httpx2.AsyncClient, as_ann: httpx2.AsyncClient
) -> None:
    ann, mia = office.brand.ann.agent_id, office.brand.mia.agent_id
    path = f"/v1/agents/{ann}"
    assert (await as_ann.put(f"{path}/capacity", json={"capacity": 9})).status_code == 403
    assert (await as_mia.put(f"{path}/capacity", json={"capacity": 900})).status_code == 422
    changed = await as_mia.put(f"{path}/capacity", json={"capacity": 3})
    assert changed.json()["capacity"] == 3
    await as_mia.put(f"{path}/capacity", json={"capacity": 3})
    assert (await as_mia.put(f"{path}/capacity", json={"capacity": None})).json()[
        "capacity"
    ] is None
    await as_mia.put(f"{path}/state", json={"state": "online"})
    await as_ann.put(f"{path}/state", json={"state": "away"})
    async with office.sessions() as session:
        rows = await session.scalars(select(Event).order_by(Event.id))
        found = [(one.kind, one.agent_id, one.data) for one in rows]
    assert found == [
        ("agent_capacity", ann, {"capacity": 3, "by_agent_id": mia}),
        ("agent_capacity", ann, {"capacity": None, "by_agent_id": mia}),
        ("agent_state", ann, {"state": "online", "reason": None, "by_agent_id": mia}),
        ("agent_state", ann, {"state": "away", "reason": None}),
    ]


async def test_many_conversations_at_once_by_program(
    office: Office, centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    await centre.text("hello")
    one = await centre.when("waiting")
    filters = {"status": ["waiting"], "skill": office.brand.support}
    counted = await as_mia.post("/v1/bulk-jobs/count", json=filters)
    assert counted.json()["count"] == 1
    action = {"kind": "transfer", "skill": office.brand.sales}
    headers = {"Idempotency-Key": "k1"}
    given = {"action": action, "filters": filters}
    job = await as_mia.post("/v1/bulk-jobs", json=given, headers=headers)
    again = await as_mia.post("/v1/bulk-jobs", json=given, headers=headers)
    assert job.json()["id"] == again.json()["id"]
    assert (job.json()["total"], job.json()["waiting"]) == (1, 1)
    path = f"/v1/bulk-jobs/{job.json()['id']}"
    items = (await as_mia.get(f"{path}/conversations", params={"state": "waiting"})).json()["items"]
    assert [item["conversation_id"] for item in items] == [str(one.id)]
    assert (await as_mia.post(f"{path}/undo")).status_code == 409
    cancelled = await as_mia.post(f"{path}/cancel")
    assert cancelled.json()["status"] == "cancelled"
    listed = (await as_mia.get("/v1/bulk-jobs")).json()["items"]
    assert [found["id"] for found in listed] == [job.json()["id"]]


UNFIT = [
    {"action": {"kind": "transfer"}, "filters": {}},
    {"action": {"kind": "close", "skill": "x"}, "filters": {}},
    {"action": {"kind": "label"}, "filters": {}},
    {"action": {"kind": "close"}},
    {"action": {"kind": "close"}, "filters": {}, "conversations": []},
    {"action": {"kind": "close"}, "filters": {"status": ["closed"]}},
]


@pytest.mark.parametrize("given", UNFIT)
async def test_an_action_names_what_it_needs_and_one_selection(
    as_mia: httpx2.AsyncClient, given: dict[str, object]
) -> None:
    assert (await as_mia.post("/v1/bulk-jobs", json=given)).status_code == 422


async def test_alerts_are_settings_of_the_account(as_ada: httpx2.AsyncClient) -> None:
    wanted = {"alert_waiting_seconds": 60, "alerts_nobody_online": False}
    changed = (await as_ada.patch("/v1/account", json=wanted)).json()
    assert changed.items() >= wanted.items()
    assert (await as_ada.get("/v1/alerts")).json()["items"] == []
