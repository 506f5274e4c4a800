"""Panels: pages of other systems, shown beside a conversation by an address with places."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, consumer_fields, panels
from database.tables import Panel
from domain.consumers.panels import MOST_PANELS, PanelTemplate, panel_template
from domain.errors import Conflict, Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from domain.text.hidden import is_seen
from services.caller import Caller
from services.changes import UNCHANGED, Unchanged
from services.clock import utc_now

PLACES = ("number", "name", "email", "conversation_id", "consumer_id")
"""Places every template may have, besides the keys of the account's fields."""


@dataclass(frozen=True)
class NewPanel:
    """A panel. Without an id, the name makes one. `position`: lower ones come first."""

    name: str
    template: str
    position: int = 0
    id: str | None = None


@dataclass(frozen=True)
class PanelChange:
    """Fields to change."""

    name: str | Unchanged = UNCHANGED
    template: str | Unchanged = UNCHANGED
    position: int | Unchanged = UNCHANGED


async def listed(
    caller: Caller,
    session: AsyncSession,
    *,
    after: str | None = None,
    limit: int | None = None,
    retired: bool = False,
) -> Sequence[Panel]:
    """Return the account's panels, after the id `after`."""
    caller.require(Role.admin)
    return await account_rows.listed(
        session, Panel, caller.account_id, after=after, limit=limit, retired=retired
    )


async def find(caller: Caller, session: AsyncSession, panel_id: str) -> Panel:
    """Return a panel, retired or not. Raises `NotFound`."""
    caller.require(Role.admin)
    return await account_rows.find(session, Panel, caller.account_id, panel_id)


async def places(caller: Caller, session: AsyncSession) -> list[str]:
    """Return the names of all places that a template may have."""
    caller.require(Role.admin)
    fields = await consumer_fields.in_use(session, caller.account_id, list(Role))
    return [*PLACES, *(field.key for field in fields)]


async def create(caller: Caller, session: AsyncSession, new: NewPanel, own_origin: str) -> Panel:
    """Create a panel. `own_origin`: of Switchboard itself, which is no other system.

    Raises `Invalid` for an address that is unfit, `Conflict` if there are as many as there may be.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    _check_name(new.name)
    check_setting("position", new.position)
    template = await _read(caller, session, new.template, own_origin)
    if len(await panels.in_use(session, caller.account_id)) >= MOST_PANELS:
        raise Conflict(f"There are {MOST_PANELS} panels already. Retire one first.")
    panel = Panel(
        id=await account_rows.new_id(session, Panel, caller.account_id, new.name, new.id),
        account_id=caller.account_id,
        name=new.name.strip(),
        template=new.template.strip(),
        origin=template.origin,
        position=new.position,
    )
    session.add(panel)
    await session.flush()
    return panel


async def change(
    caller: Caller, session: AsyncSession, panel_id: str, wanted: PanelChange, own_origin: str
) -> Panel:
    """Change a panel. Raises what `create` raises, and `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    panel = await account_rows.find_active(session, Panel, caller.account_id, panel_id)
    if wanted.name is not UNCHANGED:
        _check_name(wanted.name)
        panel.name = wanted.name.strip()
    if wanted.template is not UNCHANGED:
        panel.origin = (await _read(caller, session, wanted.template, own_origin)).origin
        panel.template = wanted.template.strip()
    if wanted.position is not UNCHANGED:
        check_setting("position", wanted.position)
        panel.position = wanted.position
    await session.flush()
    return panel


async def retire(caller: Caller, session: AsyncSession, panel_id: str) -> None:
    """Retire a panel: it is shown nowhere any more. Raises `NotFound` and `Conflict`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    panel = await account_rows.find_active(session, Panel, caller.account_id, panel_id)
    account_rows.retire(panel, utc_now())


async def _read(
    caller: Caller, session: AsyncSession, written: str, own_origin: str
) -> PanelTemplate:
    template = panel_template(written, await places(caller, session))
    # Framed, our own pages would have their log-in and could reach out of their frame.
    if template.origin == own_origin.lower():
        raise Invalid("This is the address of Switchboard itself.")
    return template


def _check_name(name: str) -> None:
    check_setting("name", name)
    if not is_seen(name):
        raise Invalid("The name has no character that can be seen.")
