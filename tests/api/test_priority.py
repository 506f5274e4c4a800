"""How urgent people say a conversation is, and what the queue makes of it."""

from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import select

from database.tables import QueueEntry
from domain.consent.keyword import Keyword
from tests.api.conftest import Office
from tests.fixtures.brand import new_thread
from tests.fixtures.centre import Centre, eventually


async def moved(centre: Centre) -> timedelta:
    """Return by how much earlier than it came the conversation is served."""
    row = await centre.when("waiting")
    async with centre.sessions() as session:
        query = select(QueueEntry).where(QueueEntry.conversation_id == row.id)
        entry = (await session.scalars(query)).one()
    return (entry.due_at or entry.entered_at) - entry.effective_due_at


async def queue(client: httpx2.AsyncClient) -> list[str]:
    answer = await client.get("/v1/conversations", params={"view": "waiting"})
    return [one["id"] for one in answer.json()["items"]]


async def test_it_counts_in_the_queue_at_once_and_whenever_it_waits_again(
    office: Office,
    centre: Centre,
    as_ann: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
) -> None:
    await centre.text("hello")
    first = str((await centre.when("waiting")).id)
    address = f"/v1/conversations/{first}"
    usual = await moved(centre)
    urgent = await as_mia.put(f"{address}/priority", json={"priority": "urgent"})
    assert (urgent.status_code, urgent.json()["priority"]) == (200, "urgent")
    assert await moved(centre) - usual == timedelta(minutes=120)
    await centre.text("and another thing")  # the deadline may move, the priority stays
    assert await moved(centre) - usual == timedelta(minutes=120)

    await centre.assign(office.brand.ann.agent_id, "Ann")
    low = {"priority": "low"}
    for _again in range(2):
        assert (await as_ann.put(f"{address}/priority", json=low)).json()["priority"] == "low"
    returned = await as_ann.post(f"{address}/return-to-queue", json={"note": "Not mine."})
    assert returned.status_code == 200, returned.text
    assert await moved(centre) - usual == timedelta(minutes=-30)

    other = await new_thread(centre.sessions, centre.brand, "+15550123456")
    await centre.text("I came later", other)

    async def both() -> bool:
        async with centre.sessions() as session:
            waiting = set(map(str, await session.scalars(select(QueueEntry.conversation_id))))
        return len(waiting) == 2 and waiting == set(await queue(as_mia))

    assert await eventually(both)
    assert (await queue(as_mia))[-1] == first, "half an hour behind"
    await as_mia.put(f"{address}/priority", json={"priority": "high"})
    assert (await queue(as_mia))[0] == first

    events = (await as_mia.get(f"{address}/events")).json()["items"]
    told = [one["data"] for one in events if one["kind"] == "priority_changed"]
    assert told == [
        {"priority": "urgent", "before": "normal"},
        {"priority": "low", "before": "urgent"},
        {"priority": "high", "before": "low"},
    ], "what is so already is no event"
    for wanted, found in (("high", [first]), ("urgent", [])):
        answer = await as_mia.get("/v1/conversations", params={"priority": wanted})
        assert [one["id"] for one in answer.json()["items"]] == found


async def test_whoever_may_handle_it_sets_it_while_it_is_open(
    office: Office,
    strangers: Office,
    centre: Centre,
    as_ann: httpx2.AsyncClient,
    as_ben: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
) -> None:
    await centre.text("hello")
    address = f"/v1/conversations/{(await centre.when('waiting')).id}/priority"
    high = {"priority": "high"}
    early = await as_ann.put(address, json=high)
    assert (early.status_code, early.json()["code"]) == (403, "not_your_conversation")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    assert (await as_ben.put(address, json=high)).status_code == 404
    async with strangers.person(strangers.ada) as zoe:
        assert (await zoe.put(address, json=high)).status_code == 404
    for wrong in ({"priority": "asap"}, {"priority": 5}, {}):
        assert (await as_ann.put(address, json=wrong)).status_code == 422
    assert (await as_ann.put(address, json=high)).status_code == 200
    await centre.text("STOP", keyword=Keyword.stop)
    closed = await centre.when("closed")
    assert closed.priority == "high", "no step of the conversation writes over it"
    late = await as_mia.put(address, json={"priority": "low"})
    assert (late.status_code, late.json()["code"]) == (409, "conversation_closed")


@pytest.mark.parametrize("kind", ["label", "close"])
async def test_only_a_priority_action_names_a_priority(
    kind: str, centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    await centre.text("hello")
    ids = [str((await centre.when("waiting")).id)]
    wrong = {"action": {"kind": kind, "add": ["x"], "priority": "high"}, "conversations": ids}
    for body in (wrong, {"action": {"kind": "priority"}, "conversations": ids}):
        assert (await as_mia.post("/v1/bulk-jobs", json=body)).status_code == 422
