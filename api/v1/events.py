"""The live stream: what happens in the account, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.caller import Caller, CallerDep
from api.parts import Parts, PartsDep
from api.schemas.conversations import EventOut
from api.schemas.shared import Answer
from database.away import AWAY
from database.queries import events, stream
from database.queries.stream import Batch

LONGEST_SECONDS = 600.0
RETRY_MILLISECONDS = 2000
LATEST = 2**63 - 1

EXAMPLE = """event: conversation_assigned
id: 4711
data: {"id":4711,"kind":"conversation_assigned","at":"2026-11-21T10:10:00Z",\
"conversation_id":"6f1c...","agent_id":"acme-ann","data":{}}

"""


class Reload(Answer):
    """Events that were followed are gone: what is shown must be read again."""

    id: int
    kind: Literal["reload"] = "reload"


router = APIRouter(prefix="/events", tags=["events"])

Position = Annotated[int | None, Query(ge=0, le=LATEST, description="Follow from behind this id.")]
LastEventId = Annotated[
    int | None, Header(ge=0, le=LATEST, description="Sent by browsers that reconnect.")
]


@router.get(
    "",
    response_class=EventSourceResponse,
    responses={200: {"content": {"text/event-stream": {"example": EXAMPLE}}}},
)
async def follow_events(
    caller: CallerDep, parts: PartsDep, after: Position = None, last_event_id: LastEventId = None
) -> AsyncIterator[ServerSentEvent]:
    """Follow what happens, from an id on or from now on; each event once, in order.

    The stream ends after ten minutes: reconnect with the last id. Agents get what concerns the
    conversations they may see and their skills' queues; texts are read in the transcript.
    `reload` comes for an id that is not given yet, as after a restore of the database to an earlier
    time: read anew what you keep. The stream goes on from the newest event, whose id it has.
    """
    position = last_event_id if last_event_id is not None else after
    yield ServerSentEvent(retry=RETRY_MILLISECONDS, comment="following")
    async for batch in batches(parts, caller, position):
        if batch.is_rewound:
            yield reload(batch)
        for event in batch.events:
            shown = EventOut.of(event)
            yield ServerSentEvent(event=shown.kind, id=str(shown.id), data=shown)
        # Moves the reader on past what was not for them, without an event.
        yield ServerSentEvent(id=str(batch.last_id))


def reload(batch: Batch) -> ServerSentEvent:
    """Return what tells a reader to read anew what they show, and to go on from here."""
    told = Reload(id=batch.last_id)
    return ServerSentEvent(event=told.kind, id=str(told.id), data=told)


async def batches(parts: Parts, caller: Caller, position: int | None) -> AsyncIterator[Batch]:
    """Yield what happens for a caller from behind a position, for ten minutes at most."""
    clock = asyncio.get_running_loop()
    ends = clock.time() + LONGEST_SECONDS
    with parts.hub.following(caller.account_id) as wake:
        while not parts.stopping.is_set() and clock.time() < ends:
            wake.clear()
            try:
                batch = await _read(parts, caller, position)
            except AWAY:
                return
            if position != batch.last_id:
                position = batch.last_id
                yield batch
            if not batch.is_full:
                await _woken(wake, parts.stopping, ends - clock.time())


async def _read(parts: Parts, caller: Caller, position: int | None) -> Batch:
    async with parts.sessions.begin() as session:
        if position is None:
            newest = await events.latest_id(session, caller.account_id)
            return Batch([], newest, is_full=False)
        return await stream.read(session, caller.viewer, position)


async def _woken(wake: asyncio.Event, stopping: asyncio.Event, seconds: float) -> None:
    waits = {asyncio.create_task(wake.wait()), asyncio.create_task(stopping.wait())}
    try:
        await asyncio.wait(waits, timeout=max(seconds, 0), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
