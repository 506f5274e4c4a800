"""What the workspace's page reads and does, as its scripts ask for it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import httpx2

from api.schemas.shared import Answer
from tests.fixtures.centre import PATIENCE_SECONDS, Centre
from web.streams import BeatMessage
from web.transcripts import wire as transcripts
from web.workspace import wire

SCRIPT = {"X-Switchboard": "1", "Accept": "application/json"}
"""What the page's scripts send along."""

Id = UUID | str


async def held(centre: Centre, words: str = "hello", *, wish: bool = False) -> UUID:
    """Return a conversation that Ann holds."""
    await centre.text(words, wants_opt_out=wish)
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    return (await centre.conversation()).id


async def boot(client: httpx2.AsyncClient) -> wire.Boot:
    return wire.Boot.model_validate_json(await _read(client, "boot"))


async def opened(client: httpx2.AsyncClient, id_: Id) -> wire.Opened:
    return wire.Opened.model_validate_json(await _read(client, f"{id_}/opened"))


async def entries(client: httpx2.AsyncClient, id_: Id, **part: int) -> transcripts.Entries:
    return transcripts.Entries.model_validate_json(await _read(client, f"{id_}/entries", **part))


async def listing(client: httpx2.AsyncClient, view: str, **more: str) -> wire.Listing:
    return wire.Listing.model_validate_json(await _read(client, "list", view=view, **more))


async def _read(client: httpx2.AsyncClient, path: str, **query: str | int) -> bytes:
    answer = await client.get(f"/workspace/{path}", params=query, headers=SCRIPT)
    assert answer.status_code == 200, answer.text
    return answer.content


async def give(
    client: httpx2.AsyncClient, id_: Id, name: str, method: str = "POST", **body: object
) -> httpx2.Response:
    """Give a command of a conversation, as a button does."""
    path = f"/v1/conversations/{id_}/{name}"
    return await client.request(method, path, json=body or None, headers=SCRIPT)


async def told(client: httpx2.AsyncClient, id_: Id) -> list[str]:
    """Return what a transcript says, entry by entry: sentences, and texts behind their labels."""
    return [said(entry) for entry in (await entries(client, id_)).entries]


def said(entry: transcripts.Entry) -> str:
    if entry.message is None:
        return entry.sentence or ""
    of_the_survey = "Survey: " if entry.is_survey else ""
    label = f"{entry.label}: " if entry.label else ""
    return f"{of_the_survey}{label}{entry.message.text}"


@dataclass
class Stream:
    """A live stream as the page reads it: messages by the models of their names."""

    lines: AsyncIterator[str]
    messages: Mapping[str, type[Answer]]
    last_id: str = ""

    async def until(self, is_it: Callable[[Answer], bool]) -> list[Answer]:
        """Return what comes up to the first message that is the wanted one, or to the end."""
        came: list[Answer] = []
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for message in self._messages():
                came.append(message)
                if is_it(message):
                    break
        return came

    async def begins(self) -> None:
        await self.until(lambda message: isinstance(message, BeatMessage))

    async def words(self, words: str) -> list[Answer]:
        """Return what comes up to the first message with these words."""
        return await self.until(lambda message: words in message.model_dump_json())

    async def caught_up(self) -> list[Answer]:
        """Return what comes until the position has moved."""
        before = self.last_id
        return await self.until(lambda _: self.last_id != before)

    async def _messages(self) -> AsyncIterator[Answer]:
        name, data = "", ""
        async for line in self.lines:
            field, _, value = line.partition(": ")
            match field:
                case "event":
                    name = value
                case "data":
                    data = value
                case "id":
                    self.last_id = value
                case "" if name and data:
                    yield self.messages[name].model_validate_json(data)
                    name, data = "", ""


@asynccontextmanager
async def following(
    client: httpx2.AsyncClient, query: str = "view=mine", **headers: str
) -> AsyncIterator[Stream]:
    """Follow the workspace's stream for the length of a block."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.stream("GET", f"/workspace/stream?{query}", headers=sent) as answer:
        assert answer.status_code == 200
        yield Stream(answer.aiter_lines(), wire.MESSAGES)
