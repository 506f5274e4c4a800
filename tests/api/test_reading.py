"""Unread is apart from unanswered, and each person's own."""

from typing import Any

import httpx2

from tests.api.conftest import Office
from tests.api.crowd import add_conversation
from tests.fixtures.centre import Centre


async def test_a_text_is_unread_until_its_agent_has_looked_whether_they_answered_or_not(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    await centre.text("Hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    path = f"/v1/conversations/{(await centre.conversation()).id}"

    async def unread(client: httpx2.AsyncClient) -> int:
        shown: dict[str, Any] = (await client.get(path)).json()
        listed = (await client.get("/v1/conversations")).json()["items"]
        assert [one["unread"] for one in listed] == [shown["unread"]]
        count: int = shown["unread"]
        return count

    assert await unread(as_ann) == await unread(as_mia) == 1, "as its agent has not looked"
    transcript = (await as_ann.get(f"{path}/transcript")).json()["items"]
    last = transcript[-1]["position"]
    for _ in range(2):
        read = await as_ann.put(f"{path}/reading", json={"position": 1_000_000})
        assert read.json()["position"] == last, "no further than there are messages"
    assert await unread(as_ann) == 0
    assert (await as_ann.get(path)).json()["waiting_since"], "read is not answered"
    await as_ann.post(f"{path}/replies", json={"text": "Hi"})
    assert await unread(as_ann) == 0, "what one wrote oneself"
    await centre.text("Thanks, and where is it?")
    await as_mia.post(f"{path}/join")
    await as_mia.post(f"{path}/notes", json={"text": "Tell them tomorrow"})
    assert await unread(as_ann) == 2
    state = (await as_mia.put(f"{path}/reading", json={"position": 1})).json()
    assert (state["unread"], await unread(as_ann)) == (0, 2), "another person's look is theirs"


async def test_a_conversation_can_be_marked_as_unread_and_is_read_again_by_a_look(
    office: Office, as_ann: httpx2.AsyncClient, as_ben: httpx2.AsyncClient
) -> None:
    ann = office.brand.ann.agent_id
    held = await add_conversation(office, "+15550100", "One", "Two", "Three", agent_id=ann)
    done = await add_conversation(office, "+15550101", "Bye", agent_id=ann, status="closed")

    async def unread() -> list[tuple[str, int, bool]]:
        listed = await as_ann.get("/v1/conversations", params={"unread": True})
        return [
            (one["id"], one["unread"], one["is_marked_unread"]) for one in listed.json()["items"]
        ]

    async def put(id_: str, what: str, **body: Any) -> dict[str, Any]:
        answer = await as_ann.put(f"/v1/conversations/{id_}/{what}", json=body)
        assert answer.status_code == 200, answer.text
        state: dict[str, Any] = answer.json()
        return state

    await put(held, "reading", position=3)
    assert await unread() == []
    assert (await put(held, "unread"))["position"] == 2, "from the last text on"
    await put(done, "unread")
    assert set(await unread()) == {(held, 1, True), (done, 0, True)}
    assert (await put(held, "unread", position=2))["position"] == 1
    await put(held, "reading", position=1)
    await put(done, "reading", position=1)
    assert await unread() == [(held, 2, False)]
    refused = await as_ben.put(f"/v1/conversations/{held}/reading", json={"position": 1})
    assert refused.status_code == 404
    for bad in ({}, {"position": -1}, {"position": "1"}, {"position": 2**40}):
        answer = await as_ann.put(f"/v1/conversations/{held}/reading", json=bad)
        assert answer.status_code == 422
