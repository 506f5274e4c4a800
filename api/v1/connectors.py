"""Connectors: how the account reaches its SMS providers. Secrets are written, never shown."""

from collections.abc import Mapping

from fastapi import APIRouter
from pydantic import HttpUrl, JsonValue

from api.app_state import AppState, AppStateDep, SessionDep
from api.caller import AdminDep
from api.clock import utc_now
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.brand import ConnectorChange, ConnectorOut, FindingOut, NewConnector
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of, sent
from database.queries import account_rows, accounts
from database.tables import Connector
from domain.errors import Conflict, Invalid, NotAllowed, NotFound
from providers.credentials import filled_in
from services.providers import check_connector

router = APIRouter(prefix="/connectors", tags=["connectors"], responses=documented(NotAllowed))


@router.get("")
async def list_connectors(
    caller: AdminDep, session: SessionDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[ConnectorOut]:
    """List the connectors in use."""
    rows = await account_rows.listed(
        session, Connector, caller.account_id, after=after_id(cursor), limit=limit + 1
    )
    return page_of(rows, limit, ConnectorOut.model_validate, lambda row: [row.id])


@router.post("", status_code=201, responses=documented(Conflict))
async def create_connector(
    new: NewConnector, caller: AdminDep, parts: AppStateDep, session: SessionDep, once: OnceDep
) -> ConnectorOut:
    """Connect to a provider."""
    secret = _sealed(parts, new.provider, new.secret)

    async def make() -> ConnectorOut:
        connector = Connector(
            id=await account_rows.new_id(session, Connector, caller.account_id, new.name, new.id),
            account_id=caller.account_id,
            provider=new.provider,
            name=new.name,
            secret=secret,
            api_url=_api_url(parts, new.api_url),
            prefix=new.prefix,
            resend_unconfirmed=new.resend_unconfirmed,
            may_overtake_unconfirmed=new.may_overtake_unconfirmed,
        )
        session.add(connector)
        await session.flush()
        return ConnectorOut.model_validate(connector)

    return await once.create(session, ConnectorOut, make)


@router.get("/{connector_id}", responses=documented(NotFound))
async def show_connector(
    connector_id: SlugPath, caller: AdminDep, session: SessionDep
) -> ConnectorOut:
    """Show a connector, retired or not."""
    row = await account_rows.find(session, Connector, caller.account_id, connector_id)
    return ConnectorOut.model_validate(row)


@router.patch("/{connector_id}", responses=documented(NotFound, Conflict))
async def change_connector(
    connector_id: SlugPath,
    change: ConnectorChange,
    caller: AdminDep,
    parts: AppStateDep,
    session: SessionDep,
) -> ConnectorOut:
    """Change a connector; new secrets hold from the next text and the next webhook on."""
    connector = await account_rows.find_active(session, Connector, caller.account_id, connector_id)
    values = sent(change)
    if "secret" in values:
        values["secret"] = _sealed(parts, connector.provider, change.secret)
    if "api_url" in values:
        values["api_url"] = _api_url(parts, change.api_url)
    for name, value in values.items():
        setattr(connector, name, value)
    return ConnectorOut.model_validate(connector)


@router.delete("/{connector_id}", status_code=204, responses=documented(NotFound, Conflict))
async def retire_connector(connector_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Retire a connector. Refused while it has lines."""
    connector = await account_rows.find_active(session, Connector, caller.account_id, connector_id)
    await accounts.check_connector_unused(session, connector)
    account_rows.retire(connector, utc_now())


@router.get("/{connector_id}/health", responses=documented(NotFound))
async def show_connector_health(
    connector_id: SlugPath, caller: AdminDep, parts: AppStateDep
) -> list[FindingOut]:
    """Say whether texts can leave through a connector: its provider is asked, nothing is sent."""
    findings = await check_connector(
        caller, parts.sessions, parts.providers, parts.secret_box, connector_id
    )
    return [
        FindingOut(
            check=one.check.name, label=one.check.label, is_well=one.is_well, sentence=one.sentence
        )
        for one in findings
    ]


def _sealed(parts: AppState, provider: str, secret: Mapping[str, JsonValue]) -> bytes:
    adapter = parts.providers.get(provider)
    if adapter is None:
        raise Invalid(f"Unknown provider. Known are {', '.join(sorted(parts.providers))}.")
    return parts.secret_box.seal(filled_in(adapter.description.credentials, secret))


def _api_url(parts: AppState, url: HttpUrl | None) -> str | None:
    """Refuse another address outside development: the account's credentials are sent there."""
    if url is None:
        return None
    if not parts.settings.is_development:
        raise Invalid("Another address of the provider is for development only.")
    return str(url).rstrip("/")
