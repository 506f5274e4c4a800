"""The live stream of the account's events, as server-sent events."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from api.app_state import AppStateDep
from api.caller import CallerDep
from api.errors import TooManyStreams
from api.event_streams import Counted, LastEventId, Position, Stream, streamed, written
from api.problems import documented
from api.schemas.conversations import EventOut
from api.scopes import needs
from api.stream_messages import message
from database.engine import Sessions
from database.queries.stream import Batch
from database.tables import Event
from domain.people.token_scopes import Area
from services.following.concerns import EVERYTHING
from services.following.followers import Follower, Part, PartKind, Wanted

EXAMPLE = """event: conversation_assigned
id: 4711
data: {"id":4711,"kind":"conversation_assigned","at":"2026-11-21T10:10:00Z",\
"conversation_id":"6f1c...","agent_id":"acme-ann","data":{}}

"""


router = APIRouter(prefix="/events", tags=["events"], dependencies=[needs(Area.events)])


class EventPresenter:
    """Writes events for programs, each once however many follow it."""

    async def present(
        self,
        _sessions: Sessions,
        _batch: Batch,
        concerned: Mapping[Follower[bytes], Sequence[Event]],
    ) -> Mapping[Follower[bytes], Sequence[bytes]]:
        shown = {event.id: event for events in concerned.values() for event in events}
        messages = {event_id: _message(event) for event_id, event in shown.items()}
        return {
            follower: [messages[event.id] for event in events]
            for follower, events in concerned.items()
        }

    async def beat(
        self, _sessions: Sessions, _follower: Follower[bytes], _queue_version: int
    ) -> Sequence[bytes]:
        return ()


WANTED = Wanted(EVERYTHING, EventPresenter())


@router.get(
    "",
    response_class=Stream,
    responses={
        200: {"content": {"text/event-stream": {"example": EXAMPLE}}},
        **documented(TooManyStreams),
    },
    dependencies=[Counted],
)
async def follow_events(
    caller: CallerDep, app: AppStateDep, after: Position = None, last_event_id: LastEventId = None
) -> Stream:
    """Follow events from an id on, or from now on; each one once, in order.

    The stream ends after ten minutes, and soon after the log-in or token ends: reconnect with the
    last id. A person or token can have 20 streams at a time. Agents get the events of conversations
    they may see and of their skills' queues. Read texts in the transcript.
    A `reload` event answers an id that does not exist yet, as after a restore of the database to an
    earlier time: read everything you keep again. Its id is the newest event's; go on from there.
    """
    position = last_event_id if last_event_id is not None else after
    return streamed(app.hub.following.follow(caller, WANTED, position), _written)


def _message(event: Event) -> bytes:
    shown = EventOut.of(event)
    return message(shown.kind, shown.model_dump_json(), shown.id)


def _written(part: Part[bytes]) -> bytes:
    """Return a part. An id alone moves the reader past what was not for them."""
    if part.kind is PartKind.reload or part.position is None:
        return written(part)
    return b"".join(item + b"\n" for item in part.items) + b"id: %d\n\n" % part.position
