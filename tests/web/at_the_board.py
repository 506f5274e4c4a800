"""What the board's page reads, as its scripts ask for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2

from api.schemas.shared import Answer
from tests.web.at_the_workspace import SCRIPT, Stream
from web.board.wire import BOARD_MESSAGES, BoardBoot, BoardMessage


async def boot(client: httpx2.AsyncClient) -> BoardBoot:
    answer = await client.get("/board/boot", headers=SCRIPT)
    assert answer.status_code == 200, answer.text
    return BoardBoot.model_validate_json(answer.content)


async def board(client: httpx2.AsyncClient) -> BoardMessage:
    return (await boot(client)).board


@asynccontextmanager
async def following(client: httpx2.AsyncClient) -> AsyncIterator[Stream]:
    """Follow the board's stream for the length of a block."""
    async with client.stream("GET", "/board/stream") as answer:
        assert answer.status_code == 200
        yield Stream(answer.aiter_lines(), BOARD_MESSAGES)


async def whole(stream: Stream) -> BoardMessage:
    """Return the whole board, which comes first."""
    came = await stream.until(lambda message: isinstance(message, BoardMessage))
    [first] = boards(came)
    assert first.is_whole
    return first


def boards(came: list[Answer]) -> list[BoardMessage]:
    return [message for message in came if isinstance(message, BoardMessage)]
