"""Labels of an account, and on its conversations, by the API."""

from typing import Any

import httpx2
from sqlalchemy import text as sql

from domain.consent.keyword import Keyword
from tests.api.conftest import Office
from tests.fixtures.centre import Centre


async def made(as_ada: httpx2.AsyncClient, name: str, **more: str) -> str:
    answer = await as_ada.post("/v1/labels", json={"name": name} | more)
    assert answer.status_code == 201, answer.text
    label_id: str = answer.json()["id"]
    return label_id


async def listed(client: httpx2.AsyncClient, **asked: Any) -> list[str]:
    answer = await client.get("/v1/conversations", params=asked)
    return [one["id"] for one in answer.json()["items"]]


async def test_labels_are_made_changed_and_retired_and_each_name_stands_once(
    office: Office, strangers: Office, as_ada: httpx2.AsyncClient, as_ann: httpx2.AsyncClient
) -> None:
    refund = await made(as_ada, "Refund", colour="orange")
    urgent = await made(as_ada, "Urgent")
    shown = (await as_ann.get("/v1/labels")).json()["items"]
    assert [(one["name"], one["colour"]) for one in shown] == [
        ("Refund", "orange"),
        ("Urgent", "grey"),
    ]
    for body, status in (
        ({"name": "REFUND"}, 409),
        ({"name": ""}, 422),
        ({"name": "x", "colour": "beige"}, 422),
    ):
        assert (await as_ada.post("/v1/labels", json=body)).status_code == status
    assert (await as_ann.post("/v1/labels", json={"name": "Mine"})).status_code == 403
    address = f"/v1/labels/{urgent}"
    taken = await as_ada.patch(address, json={"name": "refund"})
    assert (taken.status_code, taken.json()["detail"]) == (409, "There is already a label Refund.")
    changed = await as_ada.patch(address, json={"name": "urgent", "colour": "red"})
    assert (changed.json()["name"], changed.json()["colour"]) == ("urgent", "red")
    assert (await as_ada.delete(f"/v1/labels/{refund}")).status_code == 204
    await made(as_ada, "Refund")  # the name is free again
    every = (await as_ann.get("/v1/labels", params={"retired": True})).json()["items"]
    assert sorted(one["name"] for one in every) == ["Refund", "Refund", "urgent"]
    async with strangers.person(strangers.ada) as zoe:
        assert (await zoe.get(address)).status_code == 404
        assert (await zoe.patch(address, json={"colour": "red"})).status_code == 404


async def test_whoever_sees_a_conversation_labels_it_also_when_it_is_closed(
    office: Office,
    strangers: Office,
    centre: Centre,
    as_ada: httpx2.AsyncClient,
    as_ann: httpx2.AsyncClient,
    as_ben: httpx2.AsyncClient,
) -> None:
    refund, urgent = await made(as_ada, "Refund"), await made(as_ada, "Urgent")
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    conversation_id = str((await centre.conversation()).id)
    address = f"/v1/conversations/{conversation_id}"
    assert (await as_ben.put(f"{address}/labels/{urgent}")).status_code == 404  # not theirs to see
    both = {"labels": [urgent, refund]}
    assert (await as_ann.put(f"{address}/labels", json=both)).json()["label_ids"] == [
        refund,
        urgent,
    ]
    again = await as_ann.put(f"{address}/labels", json=both)
    assert again.status_code == 200  # and nothing happened
    await centre.text("STOP", keyword=Keyword.stop)
    await centre.when("closed")
    assert (await as_ann.delete(f"{address}/labels/{urgent}")).json()["label_ids"] == [refund]
    events = (await as_ann.get(f"{address}/events")).json()["items"]
    told = [
        (one["kind"], one["agent_id"], one["data"]["label"])
        for one in events
        if one["kind"].startswith("label")
    ]
    ann = office.brand.ann.agent_id
    assert told == [
        ("label_added", ann, "Refund"),
        ("label_added", ann, "Urgent"),
        ("label_removed", ann, "Urgent"),
    ]

    assert await listed(as_ann, label=[refund, urgent]) == [conversation_id]
    assert await listed(as_ann, label=urgent) == []
    async with strangers.person(strangers.ada) as zoe:
        assert await listed(zoe, label=refund) == []
        assert (await zoe.put(f"{address}/labels", json={"labels": []})).status_code == 404

    await as_ada.delete(f"/v1/labels/{urgent}")
    late = await as_ann.put(f"{address}/labels/{urgent}")
    assert (late.status_code, late.json()["detail"]) == (409, "The label Urgent is retired.")
    unknown = await as_ann.put(f"{address}/labels", json={"labels": ["nothing"]})
    assert unknown.status_code == 404
    many = [await made(as_ada, f"Label {number}") for number in range(20)]
    full = await as_ann.put(f"{address}/labels", json={"labels": many})
    assert full.status_code == 200
    assert (await as_ann.put(f"{address}/labels/{refund}")).status_code == 409


async def test_a_list_by_label_reads_the_labels_index(centre: Centre) -> None:
    async with centre.sessions.begin() as session:
        await session.execute(sql("SET LOCAL enable_seqscan = off"))
        plan = await session.scalars(
            sql(
                "EXPLAIN SELECT 1 FROM conversation WHERE id IN (SELECT conversation_id "
                "FROM conversation_label WHERE label_id IN ('a', 'b'))"
            )
        )
        assert "ix_conversation_label_label_id" in "\n".join(plan)
