"""What streams of server-sent events share: how they are counted, and where they begin."""

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
    """Events that were followed are gone: what is shown must be read again."""

    id: int
    kind: Literal["reload"] = "reload"


async def count_stream(app: AppStateDep, caller: CallerDep) -> AsyncIterator[None]:
    """Count a stream for as long as it is answered. Raises `TooManyStreams`."""
    acts_for = caller.person.agent_id if caller.person else ""
    with app.hub.counted(f"{caller.id} {acts_for}"):
        yield


Counted = Depends(count_stream)

Position = Annotated[int | None, Query(ge=0, le=LATEST, description="Follow from behind this id.")]
LastEventId = Annotated[
    int | None, Header(ge=0, le=LATEST, description="Sent by browsers that reconnect.")
]


def followed_by(app: AppState, caller: Caller, position: int | None) -> AsyncIterator[Followed]:
    """Yield what happens for a caller from behind a position."""
    return follow_events(caller, app.backends, app.hub, app.stopping, position)


def reload(batch: Batch) -> ServerSentEvent:
    """Return what tells a reader to read anew what they show, and to go on from here."""
    told = Reload(id=batch.last_id)
    return ServerSentEvent(event=told.kind, id=str(told.id), data=told)
