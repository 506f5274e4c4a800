"""What streams of server-sent events share: the count of streams, and where they begin."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import Depends, Header, Query
from fastapi.sse import ServerSentEvent

from api.app_state import AppState, AppStateDep
from api.caller import CallerDep
from api.schemas.shared import Answer
from database.queries.stream import Batch
from services.caller import Caller
from services.looking.events import Followed, follow_events

LATEST = 2**63 - 1


class Reload(Answer):
    """The followed events are gone: everything must be loaded again."""

    id: int
    kind: Literal["reload"] = "reload"


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


def followed_by(app: AppState, caller: Caller, position: int | None) -> AsyncIterator[Followed]:
    """Yield the events for a caller after a position."""
    return follow_events(caller, app.backends, app.hub, app.stopping, position)


def reload(batch: Batch) -> ServerSentEvent:
    """Return the event that tells a reader to load everything again and go on from here."""
    told = Reload(id=batch.last_id)
    return ServerSentEvent(event=told.kind, id=str(told.id), data=told)
