"""The live stream: what happens in the account, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.app_state import AppState, AppStateDep
from api.caller import CallerDep, proven
from api.errors import TooManyStreams
from api.problems import documented
from api.schemas.conversations import EventOut
from api.schemas.shared import Answer
from database.away import NOT_DONE
from database.queries import events, stream
from database.queries.stream import Batch
from domain.errors import NotAllowed, NotAuthenticated, NotFound
from services.caller import Caller

LONGEST_SECONDS = 600.0
LOOK_SECONDS = 15.0
"""How long a stream goes on at most before it looks whether its reader may still follow it."""
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


async def count_stream(parts: AppStateDep, caller: CallerDep) -> AsyncIterator[None]:
    """Count a stream for as long as it is answered. Raises `TooManyStreams`."""
    acts_for = caller.person.agent_id if caller.person else ""
    with parts.hub.counted(f"{caller.id} {acts_for}"):
        yield


Counted = Depends(count_stream)

router = APIRouter(prefix="/events", tags=["events"])

Position = Annotated[int | None, Query(ge=0, le=LATEST, description="Follow from behind this id.")]
LastEventId = Annotated[
    int | None, Header(ge=0, le=LATEST, description="Sent by browsers that reconnect.")
]


@router.get(
    "",
    response_class=EventSourceResponse,
    responses={
        200: {"content": {"text/event-stream": {"example": EXAMPLE}}},
        **documented(TooManyStreams),
    },
    dependencies=[Counted],
)
async def follow_events(
    caller: CallerDep, parts: AppStateDep, after: Position = None, last_event_id: LastEventId = None
) -> AsyncIterator[ServerSentEvent]:
    """Follow what happens, from an id on or from now on; each event once, in order.

    The stream ends after ten minutes, and soon after the log-in or token does: reconnect with the
    last id. At most 20 at once are open for a person or a token. Agents get what concerns the
    conversations they may see and their skills' queues; texts are read in the transcript.
    `reload` comes for an id that is not given yet, as after a restore of the database to an earlier
    time: read anew what you keep. The stream goes on from the newest event, whose id it has.
    """
    position = last_event_id if last_event_id is not None else after
    yield ServerSentEvent(retry=RETRY_MILLISECONDS, comment="following")
    async for followed in batches(parts, caller, position):
        batch = followed.batch
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


@dataclass(frozen=True)
class Followed:
    """What happened, and who reads it: their role may have changed since the stream began."""

    caller: Caller
    batch: Batch


async def batches(parts: AppState, caller: Caller, position: int | None) -> AsyncIterator[Followed]:
    """Yield what happens for a caller from behind a position, for ten minutes at most.

    Ends when the caller's log-in or token does: they are identified anew for each batch.
    """
    clock = asyncio.get_running_loop()
    ends = clock.time() + LONGEST_SECONDS
    with parts.hub.following(caller.account_id) as wake:
        while not parts.stopping.is_set() and clock.time() < ends:
            wake.clear()
            try:
                followed = await _read(parts, caller, position)
            except (*NOT_DONE, NotAuthenticated, NotAllowed, NotFound):
                return
            batch = followed.batch
            if position != batch.last_id:
                position = batch.last_id
                yield followed
            if not batch.is_full:
                await _woken(wake, parts.stopping, min(LOOK_SECONDS, ends - clock.time()))


async def _read(parts: AppState, caller: Caller, position: int | None) -> Followed:
    async with parts.sessions.begin() as session:
        now = await proven(session, caller.proof)
        if position is None:
            newest = await events.latest_id(session, now.account_id)
            return Followed(now, Batch([], newest, is_full=False))
        return Followed(now, await stream.read(session, now.viewer, position))


async def _woken(wake: asyncio.Event, stopping: asyncio.Event, seconds: float) -> None:
    waits = {asyncio.create_task(wake.wait()), asyncio.create_task(stopping.wait())}
    try:
        await asyncio.wait(waits, timeout=max(seconds, 0), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
