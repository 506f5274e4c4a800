"""Views of all conversations: filters, an order and columns under a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import named_views
from database.tables import NamedView
from domain.errors import Conflict
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from services.caller import Caller
from services.changes import UNCHANGED, Unchanged
from services.history import looking
from services.history.columns import COLUMNS, Column
from services.history.filters import HistoryFilters

MOST_VIEWS = 50
"""Views of a person, and of the account. Ours: more are no help in finding anything."""
USUAL = tuple(one.column for one in COLUMNS if one.is_usual)


@dataclass(frozen=True)
class HistoryView:
    """A view with what it shows."""

    view: NamedView
    filters: HistoryFilters
    columns: Sequence[Column]

    @property
    def is_shared(self) -> bool:
        """Say whether everybody of the account sees it."""
        return self.view.agent_id is None


@dataclass(frozen=True)
class NewHistoryView:
    """A view to keep. `columns`: in their order; none: the usual ones."""

    name: str
    filters: HistoryFilters
    columns: Sequence[Column] = ()
    is_shared: bool = False


@dataclass(frozen=True)
class HistoryViewChange:
    """What to change of a view. Whose it is stays."""

    name: str | Unchanged = UNCHANGED
    filters: HistoryFilters | Unchanged = UNCHANGED
    columns: Sequence[Column] | Unchanged = UNCHANGED


async def listed(caller: Caller, session: AsyncSession) -> Sequence[HistoryView]:
    """Return the views the caller sees, the oldest first: their own and the shared ones."""
    caller.require(Role.agent)
    found = await named_views.listed(session, caller.account_id, _own(caller), of_history=True)
    return [_shown(view) for view in found]


async def find(caller: Caller, session: AsyncSession, view_id: UUID) -> HistoryView:
    """Return a view. Raises `NotFound`."""
    caller.require(Role.agent)
    view = await named_views.find(
        session, caller.account_id, _own(caller), view_id, of_history=True
    )
    return _shown(view)


async def create(caller: Caller, session: AsyncSession, new: NewHistoryView) -> HistoryView:
    """Keep a view. Raises `NotAllowed` for one of the account, `Conflict` when there are too many,
    what `looking.check` raises, and `NobodyActs` for an own view of a program on its own.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    agent_id = None if new.is_shared else caller.actor.agent_id
    if new.is_shared:
        caller.require(Role.manager, "Managers share views with everybody.")
    check_setting("name", new.name)
    await looking.check(caller, session, new.filters)
    kept = await named_views.count(session, caller.account_id, agent_id, of_history=True)
    if kept >= MOST_VIEWS:
        raise Conflict(f"There are {MOST_VIEWS} views already. Delete one first.")
    view = NamedView(
        account_id=caller.account_id,
        agent_id=agent_id,
        of_history=True,
        name=new.name,
        filters=_stored(new.filters, new.columns),
    )
    session.add(view)
    await session.flush()
    return _shown(view)


async def change(
    caller: Caller, session: AsyncSession, view_id: UUID, wanted: HistoryViewChange
) -> HistoryView:
    """Change a view. Raises what `create` raises, and `NotFound`."""
    view = await _to_change(caller, session, view_id)
    before = _shown(view)
    name = view.name if wanted.name is UNCHANGED else wanted.name
    filters = before.filters if wanted.filters is UNCHANGED else wanted.filters
    columns = before.columns if wanted.columns is UNCHANGED else wanted.columns
    check_setting("name", name)
    if filters != before.filters:
        await looking.check(caller, session, filters)
    view.name, view.filters = name, _stored(filters, columns)
    await session.flush()
    return _shown(view)


async def delete(caller: Caller, session: AsyncSession, view_id: UUID) -> None:
    """Delete a view; its conversations stay. Raises `NotFound` and `NotAllowed`."""
    await session.delete(await _to_change(caller, session, view_id))


async def _to_change(caller: Caller, session: AsyncSession, view_id: UUID) -> NamedView:
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    view = await named_views.find(
        session, caller.account_id, _own(caller), view_id, to_change=True, of_history=True
    )
    if view.agent_id is None:
        caller.require(Role.manager, "Managers change the views that everybody sees.")
    return view


def _own(caller: Caller) -> str | None:
    return caller.person.agent_id if caller.person else None


def _stored(filters: HistoryFilters, columns: Sequence[Column]) -> dict[str, object]:
    kept = filters.model_dump(mode="json", exclude_defaults=True)
    return {"filters": kept, "columns": [str(one) for one in dict.fromkeys(columns)]}


def _shown(view: NamedView) -> HistoryView:
    # What a newer version stored and this one does not know filters nothing here.
    kept: Mapping[str, object] = view.filters.get("filters", {})
    known = {name: value for name, value in kept.items() if name in HistoryFilters.model_fields}
    names = set(Column)
    columns = [Column(one) for one in view.filters.get("columns", ()) if one in names]
    return HistoryView(view, HistoryFilters.model_validate(known), columns or USUAL)
