import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from sqlalchemy import delete

from database.tables import Event
from settings import Settings
from tests.api.conftest import Office, served
from tests.fixtures.centre import PATIENCE_SECONDS, Centre


class Stream:
    """A live stream being read, as browsers do."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self.lines = lines
        self.last_id: str | None = None

    async def next(self) -> dict[str, Any]:
        """Return the next event; ids alone only move the position."""
        data = None
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for line in self.lines:
                field, _, value = line.partition(":")
                if field == "id":
                    self.last_id = value.strip()
                elif field == "data":
                    data = json.loads(value)
                elif not line and data is not None:
                    event: dict[str, Any] = data
                    return event
        raise AssertionError("the stream ended")

    async def until(self, kind: str) -> list[dict[str, Any]]:
        events = [await self.next()]
        while events[-1]["kind"] != kind:
            events.append(await self.next())
        return events

    async def begun(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for line in self.lines:
                if line.startswith("id:"):
                    return


@asynccontextmanager
async def following(client: httpx2.AsyncClient, **headers: str) -> AsyncIterator[Stream]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.stream("GET", "/v1/events", headers=named) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield Stream(answer.aiter_lines())


async def test_what_happens_arrives_in_order_without_texts_or_numbers(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    async with following(as_ann) as stream:
        await stream.begun()
        await centre.text("a secret")
        await centre.assign(office.brand.ann.agent_id, "Ann")
        events = await stream.until("conversation_assigned")
    kinds = [event["kind"] for event in events]
    assert kinds[0] == "conversation_opened"
    assert {"message_added", "conversation_queued"} <= set(kinds)
    assert [event["id"] for event in events] == sorted({event["id"] for event in events})
    assert "secret" not in str(events)
    assert "+1555" not in str(events)


async def test_a_reader_who_comes_back_misses_nothing_and_sees_nothing_twice(
    office: Office, centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    async with following(as_mia) as stream:
        await stream.begun()
        await centre.text("one")
        before = await stream.until("conversation_queued")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    await as_mia.put(f"/v1/agents/{office.brand.mia.agent_id}/state", json={"state": "online"})
    last = str(before[-1]["id"])
    async with following(as_mia, Last_Event_ID=last) as stream:
        after = await stream.until("agent_state")
    seen = [event["id"] for event in before + after]
    assert seen == [event.id for event in await centre.events() if event.id <= seen[-1]]


async def test_a_reader_whose_id_a_restored_database_does_not_know_is_told_and_goes_on(
    office: Office, centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    await centre.text("hello")
    await centre.when("waiting")
    newest = (await centre.events())[-1].id
    async with following(as_mia, Last_Event_ID=str(newest + 1000)) as stream:
        assert await stream.next() == {"id": newest, "kind": "reload"}
        assert stream.last_id == str(newest)
        await as_mia.put(f"/v1/agents/{office.brand.mia.agent_id}/state", json={"state": "online"})
        assert await stream.until("agent_state")


async def test_a_reader_is_told_when_the_database_is_restored_while_they_follow(
    centre: Centre, as_ann: httpx2.AsyncClient
) -> None:
    async with following(as_ann) as stream:
        await stream.begun()
        await centre.text("hello")
        kept, *_ = await stream.until("conversation_queued")
        async with centre.sessions.begin() as session:
            await session.execute(delete(Event).where(Event.id > kept["id"]))
        assert (await stream.until("reload"))[-1] == {"id": kept["id"], "kind": "reload"}


async def test_agents_follow_their_own_conversations_and_their_skills_queues(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_ben: httpx2.AsyncClient
) -> None:
    async with following(as_ben) as stream:
        await stream.begun()
        await centre.text("hello")
        await stream.until("conversation_queued")
        await centre.assign(office.brand.ann.agent_id, "Ann")
        path = f"/v1/conversations/{(await centre.conversation()).id}"
        await as_ann.post(f"{path}/replies", json={"text": "For her alone"})
        await as_ann.put(f"/v1/agents/{office.brand.ann.agent_id}/state", json={"state": "away"})
        events = await stream.until("agent_state")
    kinds = [event["kind"] for event in events]
    # It leaves the queue he looks at; what is said in it is no longer for him.
    assert "conversation_assigned" in kinds
    replies = [event for event in events if event["data"].get("author") == "agent"]
    assert replies == []


async def test_other_accounts_hear_nothing(
    centre: Centre, strangers: Office, as_mia: httpx2.AsyncClient
) -> None:
    async with strangers.person(strangers.ada) as zoe, following(zoe) as theirs:
        await theirs.begun()
        await centre.text("hello")
        await centre.when("waiting")
        await zoe.put(f"/v1/agents/{strangers.ada.agent_id}/state", json={"state": "online"})
        assert (await theirs.next())["agent_id"] == strangers.ada.agent_id


async def test_a_stopping_server_ends_its_streams_at_once(
    settings: Settings, office: Office, as_mia: httpx2.AsyncClient
) -> None:
    headers = {"Authorization": as_mia.headers["Authorization"]}
    async with httpx2.AsyncClient(headers=headers) as client:
        async with served(settings) as url:
            stream = client.stream("GET", f"{url}/v1/events")
            answer = await stream.__aenter__()
            lines = answer.aiter_lines()
            await anext(lines)
        rest = [line async for line in lines]
        assert all(not line or line.startswith((":", "id:", "retry:")) for line in rest)
        await stream.__aexit__(None, None, None)


@pytest.mark.parametrize("position", ["x", "-1", str(2**63)])
async def test_a_position_is_a_number(as_mia: httpx2.AsyncClient, position: str) -> None:
    assert (await as_mia.get("/v1/events", params={"after": position})).status_code == 422
