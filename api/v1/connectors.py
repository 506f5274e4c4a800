"""Connectors: how the account reaches its SMS providers. Secrets are written, never shown."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import AppStateDep, SessionDep
from api.caller import AdminDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.brand import (
    ConnectorChange,
    ConnectorOut,
    FindingOut,
    NewConnector,
)
from api.schemas.numbers import NumberOut, NumberPick
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of
from api.scopes import needs
from database.tables import Connector
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services import number_set_up, retiring_connectors
from services.caller import Caller
from services.configuring import connectors
from services.number_set_up import ProviderSilent
from services.providers import check_connector

router = APIRouter(
    prefix="/connectors",
    tags=["connectors"],
    responses=documented(NotAllowed),
    dependencies=[needs(Area.connectors)],
)


@router.get("")
async def list_connectors(
    caller: AdminDep, session: SessionDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[ConnectorOut]:
    """List the connectors in use."""
    rows = await connectors.listed(caller, session, after=after_id(cursor), limit=limit + 1)
    pauses = {row.id: pause for row, pause in await connectors.paused(caller, session)}
    return page_of(
        rows, limit, lambda row: ConnectorOut.of(row, pauses.get(row.id)), lambda row: [row.id]
    )


@router.post("", status_code=201, responses=documented(Conflict))
async def create_connector(
    new: NewConnector, caller: AdminDep, app: AppStateDep, session: SessionDep, once: OnceDep
) -> ConnectorOut:
    """Connect to a provider."""

    async def make() -> ConnectorOut:
        made = await connectors.create(caller, session, app.known_providers, new.wanted)
        return ConnectorOut.of(made)

    return await once.create(session, ConnectorOut, make)


@router.get("/{connector_id}", responses=documented(NotFound))
async def show_connector(
    connector_id: SlugPath, caller: AdminDep, session: SessionDep
) -> ConnectorOut:
    """Show a connector, retired or not."""
    found = await connectors.find(caller, session, connector_id)
    return await _shown(caller, session, found)


@router.patch("/{connector_id}", responses=documented(NotFound, Conflict))
async def change_connector(
    connector_id: SlugPath,
    change: ConnectorChange,
    caller: AdminDep,
    app: AppStateDep,
    session: SessionDep,
) -> ConnectorOut:
    """Change a connector. New secrets apply from the next text and the next webhook on."""
    changed = await connectors.change(
        caller, session, app.known_providers, connector_id, change.wanted
    )
    return await _shown(caller, session, changed)


@router.delete(
    "/{connector_id}", status_code=204, responses=documented(NotFound, Conflict, ProviderSilent)
)
async def retire_connector(
    connector_id: SlugPath,
    caller: AdminDep,
    app: AppStateDep,
    lines: Annotated[bool, Query(description="Retire its lines, too.")] = False,
    leave: Annotated[
        bool, Query(description="Leave the provider's settings as they are, for one that is gone.")
    ] = False,
) -> None:
    """Retire a connector. Refused while it has lines, unless they are retired with it.

    The provider posts their texts again where they went before the lines were set up here.
    """
    await retiring_connectors.retire(
        caller, app.provisioning, connector_id, lines_too=lines, leaves=leave
    )


@router.get("/{connector_id}/health", responses=documented(NotFound))
async def show_connector_health(
    connector_id: SlugPath, caller: AdminDep, app: AppStateDep
) -> list[FindingOut]:
    """Check whether a connector can send texts. The provider is asked, nothing is sent."""
    findings = await check_connector(
        caller, app.sessions, app.providers, app.secret_box, connector_id, app.trace
    )
    return [
        FindingOut(
            check=one.check.name, label=one.check.label, is_well=one.is_well, sentence=one.sentence
        )
        for one in findings
    ]


@router.post("/{connector_id}/resume", responses=documented(NotFound, Conflict))
async def resume_connector(
    connector_id: SlugPath, caller: AdminDep, session: SessionDep, once: OnceDep
) -> ConnectorOut:
    """Send the texts of a paused connector now. One that is in order stays as it is."""

    async def resume() -> ConnectorOut:
        resumed = await connectors.resume(caller, session, connector_id)
        return await _shown(caller, session, resumed)

    return await once.create(session, ConnectorOut, resume)


@router.get("/{connector_id}/numbers", responses=documented(NotFound, Conflict, ProviderSilent))
async def list_numbers(
    connector_id: SlugPath,
    caller: AdminDep,
    app: AppStateDep,
    number: Annotated[
        str | None,
        Query(
            max_length=80,
            description="This number or service alone; if it is none, those that have it in their "
            "number or name.",
        ),
    ] = None,
) -> list[NumberOut]:
    """List the numbers of the provider's account, with where their texts go. Changes nothing.

    Of very large accounts not all are listed: find one by its `number`.
    """
    found = await number_set_up.look(caller, app.provisioning, connector_id, number)
    return [NumberOut.of(one) for one in found]


@router.post("/{connector_id}/numbers", responses=documented(NotFound, Conflict, ProviderSilent))
async def connect_number(
    connector_id: SlugPath, pick: NumberPick, caller: AdminDep, app: AppStateDep
) -> NumberOut:
    """Make a number a line, and the provider post its texts here. Repeating it changes nothing."""
    done = await number_set_up.connect(
        caller, app.provisioning, app.known_providers, connector_id, pick.wanted
    )
    return NumberOut.of(done)


async def _shown(caller: Caller, session: AsyncSession, row: Connector) -> ConnectorOut:
    return ConnectorOut.of(row, await connectors.pause_of(caller, session, row.id))
