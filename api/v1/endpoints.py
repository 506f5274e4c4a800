"""Endpoints: where events are posted, signed, in order, and again until they are taken."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import AppStateDep, SessionDep
from api.caller import AdminDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.endpoints import (
    AttemptOut,
    DeliveryOut,
    EndpointChange,
    EndpointOut,
    EndpointWithSecret,
    NewEndpoint,
    NewSecret,
    Replay,
    ReplayBegun,
    TestBegun,
)
from api.schemas.shared import (
    LATEST,
    Cursor,
    Limit,
    Page,
    SlugPath,
    after_id,
    after_number,
    page_of,
)
from api.scopes import needs
from database.queries.endpoints import Counts
from database.tables import Endpoint
from domain.endpoints.urls import UrlRefused
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.caller import Caller
from services.configuring import endpoints

EventPath = Annotated[int, Path(ge=1, le=LATEST)]
CHANGES = documented(NotFound, Conflict)

router = APIRouter(
    prefix="/endpoints",
    tags=["endpoints"],
    dependencies=[needs(Area.endpoints)],
    responses=documented(NotAllowed),
)


@router.get("")
async def list_endpoints(
    caller: AdminDep, session: SessionDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[EndpointOut]:
    """List the endpoints in use."""
    rows = await endpoints.listed(caller, session, after=after_id(cursor), limit=limit + 1)
    counts = await endpoints.counts(caller, session, rows)
    return page_of(
        rows, limit, lambda row: EndpointOut.of(row, counts[row.id]), lambda row: [row.id]
    )


@router.post("", status_code=201, responses=documented(Conflict, UrlRefused))
async def create_endpoint(
    new: NewEndpoint, caller: AdminDep, app: AppStateDep, session: SessionDep, once: OnceDep
) -> EndpointWithSecret:
    """Make an endpoint, which gets events from now on. Its secret is shown in this answer only."""

    async def make() -> EndpointWithSecret:
        made = await endpoints.create(caller, session, app.signing, new.wanted)
        return EndpointWithSecret.adding(EndpointOut.of(made.endpoint, Counts()), made.secret)

    return await once.create_secret(session, EndpointWithSecret, make, app.secret_box)


@router.get("/{endpoint_id}", responses=documented(NotFound))
async def show_endpoint(
    endpoint_id: SlugPath, caller: AdminDep, session: SessionDep
) -> EndpointOut:
    """Show an endpoint, retired or not."""
    return await _shown(caller, session, await endpoints.find(caller, session, endpoint_id))


@router.patch("/{endpoint_id}", responses=documented(NotFound, Conflict, UrlRefused))
async def change_endpoint(
    endpoint_id: SlugPath,
    change: EndpointChange,
    caller: AdminDep,
    app: AppStateDep,
    session: SessionDep,
) -> EndpointOut:
    """Change an endpoint. Other kinds of events count from the next event on."""
    row = await endpoints.change(caller, session, app.signing, endpoint_id, change.wanted)
    return await _shown(caller, session, row)


@router.delete("/{endpoint_id}", status_code=204, responses=CHANGES)
async def retire_endpoint(endpoint_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Take an endpoint out of use. What was not posted yet is not posted any more."""
    await endpoints.retire(caller, session, endpoint_id)


@router.post("/{endpoint_id}/secret", responses=CHANGES)
async def rotate_endpoint_secret(
    endpoint_id: SlugPath,
    wanted: NewSecret,
    caller: AdminDep,
    app: AppStateDep,
    session: SessionDep,
    once: OnceDep,
) -> EndpointWithSecret:
    """Make a new secret, shown in this answer only. Posts are signed with both for some hours."""

    async def make() -> EndpointWithSecret:
        made = await endpoints.rotate_secret(
            caller, session, app.signing, endpoint_id, wanted.overlap_hours
        )
        shown = await _shown(caller, session, made.endpoint)
        return EndpointWithSecret.adding(shown, made.secret)

    return await once.create_secret(session, EndpointWithSecret, make, app.secret_box)


@router.post("/{endpoint_id}/pause", responses=CHANGES)
async def pause_endpoint(
    endpoint_id: SlugPath, caller: AdminDep, session: SessionDep, once: OnceDep
) -> EndpointOut:
    """Post nothing until it is resumed. No event is lost meanwhile."""

    async def pause() -> EndpointOut:
        return await _shown(caller, session, await endpoints.pause(caller, session, endpoint_id))

    return await once.create(session, EndpointOut, pause)


@router.post("/{endpoint_id}/resume", responses=CHANGES)
async def resume_endpoint(
    endpoint_id: SlugPath, caller: AdminDep, session: SessionDep, once: OnceDep
) -> EndpointOut:
    """Go on where it stopped, now: after a pause, or while its receiver is only tried at times."""

    async def resume() -> EndpointOut:
        return await _shown(caller, session, await endpoints.resume(caller, session, endpoint_id))

    return await once.create(session, EndpointOut, resume)


@router.post("/{endpoint_id}/test", status_code=202, responses=CHANGES)
async def test_endpoint(
    endpoint_id: SlugPath, caller: AdminDep, session: SessionDep, once: OnceDep
) -> TestBegun:
    """Post an event of the type `ping`, also to a paused endpoint. Its attempt says how it went."""

    async def begin() -> TestBegun:
        ping_id = await endpoints.test(caller, session, endpoint_id)
        return TestBegun(webhook_id=f"ping_{ping_id}")

    return await once.create(session, TestBegun, begin)


@router.post("/{endpoint_id}/replay", status_code=202, responses=CHANGES)
async def replay_events(
    endpoint_id: SlugPath, wanted: Replay, caller: AdminDep, session: SessionDep, once: OnceDep
) -> ReplayBegun:
    """Post all events again, from one or from a time on, under the ids that they had.

    New events follow when these are done.
    """

    async def begin() -> ReplayBegun:
        first = await endpoints.replay(
            caller, session, endpoint_id, event_id=wanted.event_id, since=wanted.since
        )
        return ReplayBegun(first_event_id=first)

    return await once.create(session, ReplayBegun, begin)


@router.get("/{endpoint_id}/attempts", responses=documented(NotFound))
async def list_attempts(
    endpoint_id: SlugPath,
    caller: AdminDep,
    session: SessionDep,
    but_taken: Annotated[bool, Query(description="Leave out what was taken.")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AttemptOut]:
    """List what was posted and what became of it, newest first, as long as it is kept."""
    rows = await endpoints.attempts(
        caller,
        session,
        endpoint_id,
        before=after_number(cursor),
        limit=limit + 1,
        but_taken=but_taken,
    )
    return page_of(rows, limit, AttemptOut.of, lambda row: [str(row.id)])


@router.get("/{endpoint_id}/deliveries", responses=documented(NotFound))
async def list_deliveries(
    endpoint_id: SlugPath,
    caller: AdminDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[DeliveryOut]:
    """List the events that were not taken, oldest first: they wait, or are given up."""
    rows = await endpoints.deliveries(
        caller, session, endpoint_id, after=after_number(cursor) or 0, limit=limit + 1
    )
    return page_of(
        rows, limit, lambda row: DeliveryOut.of(*row), lambda row: [str(row[0].event_id)]
    )


@router.post("/{endpoint_id}/deliveries/{event_id}/replay", status_code=202, responses=CHANGES)
async def replay_event(
    endpoint_id: SlugPath,
    event_id: EventPath,
    caller: AdminDep,
    session: SessionDep,
    once: OnceDep,
) -> ReplayBegun:
    """Post one event again, now, under the id that it had."""

    async def begin() -> ReplayBegun:
        await endpoints.replay_one(caller, session, endpoint_id, event_id)
        return ReplayBegun(first_event_id=event_id)

    return await once.create(session, ReplayBegun, begin)


@router.delete("/{endpoint_id}/deliveries/{event_id}", status_code=204, responses=CHANGES)
async def give_event_up(
    endpoint_id: SlugPath, event_id: EventPath, caller: AdminDep, session: SessionDep
) -> None:
    """Give up an event that waits. Later events of its conversation go on."""
    await endpoints.give_up(caller, session, endpoint_id, event_id)


async def _shown(caller: Caller, session: AsyncSession, row: Endpoint) -> EndpointOut:
    counts = await endpoints.counts(caller, session, [row])
    return EndpointOut.of(row, counts[row.id])
