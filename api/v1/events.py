"""The live stream of the account's events, as server-sent events."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.app_state import AppStateDep
from api.caller import CallerDep
from api.errors import TooManyStreams
from api.event_streams import Counted, LastEventId, Position, followed_by, reload
from api.problems import documented
from api.schemas.conversations import EventOut
from api.scopes import needs
from domain.people.token_scopes import Area

RETRY_MILLISECONDS = 2000

EXAMPLE = """event: conversation_assigned
id: 4711
data: {"id":4711,"kind":"conversation_assigned","at":"2026-11-21T10:10:00Z",\
"conversation_id":"6f1c...","agent_id":"acme-ann","data":{}}

"""


router = APIRouter(prefix="/events", tags=["events"], dependencies=[needs(Area.events)])


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
    caller: CallerDep, app: AppStateDep, after: Position = None, last_event_id: LastEventId = None
) -> AsyncIterator[ServerSentEvent]:
    """Follow events from an id on, or from now on; each one once, in order.

    The stream ends after ten minutes, and soon after the log-in or token ends: reconnect with the
    last id. A person or token can have 20 streams at a time. Agents get the events of conversations
    they may see and of their skills' queues. Read texts in the transcript.
    A `reload` event answers an id that does not exist yet, as after a restore of the database to an
    earlier time: read everything you keep again. Its id is the newest event's; go on from there.
    """
    position = last_event_id if last_event_id is not None else after
    yield ServerSentEvent(retry=RETRY_MILLISECONDS, comment="following")
    async for followed in followed_by(app, caller, position):
        batch = followed.batch
        if batch.is_rewound:
            yield reload(batch)
        for event in batch.events:
            shown = EventOut.of(event)
            yield ServerSentEvent(event=shown.kind, id=str(shown.id), data=shown)
        # An id without an event moves the reader past what did not concern them.
        yield ServerSentEvent(id=str(batch.last_id))
