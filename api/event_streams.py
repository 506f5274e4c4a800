"""What streams of server-sent events share: their answer, their count, and where they begin."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from datetime import datetime
from typing import Annotated, Literal, TypeVar, cast

from fastapi import Depends, Header, Query
from fastapi.responses import StreamingResponse
from starlette.types import Send

from api.app_state import AppStateDep
from api.caller import CallerDep
from api.clock import utc_now
from api.schemas.shared import Answer
from api.stream_messages import message
from services.following.followers import Part, PartKind

T = TypeVar("T")
Chunks = AsyncGenerator[bytes]

LATEST = 2**63 - 1
RETRY_MILLISECONDS = 2000
OPENING = b"retry: %d\n: following\n\n" % RETRY_MILLISECONDS


class Reload(Answer):
    """The followed events are gone, or too many: everything must be loaded again."""

    id: int | None
    kind: Literal["reload"] = "reload"


class Beat(Answer):
    """Nothing has happened. `now`: the server's time, by which pages compute times of waiting."""

    now: datetime


async def count_stream(app: AppStateDep, caller: CallerDep) -> AsyncIterator[None]:
    """Count a stream while it is open. Raises `TooManyStreams`."""
    acts_for = caller.person.agent_id if caller.person else ""
    with app.hub.counted(f"{caller.id} {acts_for}"):
        yield


Counted = Depends(count_stream)

Position = Annotated[int | None, Query(ge=0, le=LATEST, description="Follow events after this id.")]
LastEventId = Annotated[
    int | None, Header(ge=0, le=LATEST, description="Sent by browsers that reconnect.")
]


class Stream(StreamingResponse):
    """An answer of parts, each sent as it comes, until they end or the client is gone.

    The framework's own way passes each part through two queues and three tasks.
    """

    media_type = "text/event-stream"

    async def stream_response(self, send: Send) -> None:
        async with aclosing(cast(Chunks, self.body_iterator)):
            await super().stream_response(send)


def written(part: Part[bytes]) -> bytes:
    """Return a part as it is sent. Only its end moves the reader's position: a part that is cut off
    comes again as a whole.
    """
    at = b"" if part.position is None else b"id: %d\n" % part.position
    match part.kind:
        case PartKind.news:
            return b"\n".join(part.items) + at + b"\n"
        case PartKind.moved | PartKind.live:
            return at + b"\n"
        case PartKind.reload:
            return message("reload", Reload(id=part.position).model_dump_json()) + at + b"\n"
        case PartKind.beat:
            return message("beat", Beat(now=part.at or utc_now()).model_dump_json()) + at + b"\n"
        case PartKind.silence:
            return b": no answer from the database\n\n"


def streamed(parts: AsyncGenerator[Part[T]], write: Callable[[Part[T]], bytes]) -> Stream:
    """Answer with parts, each written as it comes."""
    # nginx would wait for more of it.
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return Stream(_chunks(parts, write), headers=headers)


async def _chunks(parts: AsyncGenerator[Part[T]], write: Callable[[Part[T]], bytes]) -> Chunks:
    yield OPENING
    async with aclosing(parts):
        async for part in parts:
            yield write(part)
