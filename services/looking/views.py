"""Named views: filters of a list of conversations that a person keeps, or a manager for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import conversations, named_views
from database.queries.conversation_filters import ConversationFilters
from database.tables import NamedView
from domain.conversation.kinds import Status
from domain.conversation.urgency import ListOrder
from domain.errors import Conflict, Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from domain.settings.priorities import Priority
from services.caller import Caller
from services.changes import UNCHANGED, Unchanged
from services.inputs import Input, example
from services.looking.conversations import ConversationQuery, View

MOST_VIEWS = 50
"""Views of a person, and of the account. Ours: more are no help in finding anything."""
MOST_COUNTED = 1000
"""Conversations of a view that are counted. Ours: from there on pages say `999+`."""
LONGEST_WAIT = 60 * 24 * 365
"""Minutes."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class ViewFilters(Input):
    """The filters of a list, named like the parameters of the list of conversations.

    A skill, line or agent that is retired goes on filtering; one that never was finds nothing.
    """

    model_config = example(skill="acme-sales", overdue=True)

    view: View = View.all
    status: list[Status] = Field(default_factory=list, max_length=len(Status))
    agent: Id | None = None
    skill: Id | None = None
    line: Id | None = None
    label: list[Id] = Field(default_factory=list, max_length=20)
    priority: list[Priority] = Field(default_factory=list, max_length=len(Priority))
    number_part: Annotated[str, StringConstraints(max_length=100)] | None = None
    unanswered: bool = False
    waits_minutes: Annotated[int, Field(ge=0, le=LONGEST_WAIT)] | None = None
    overdue: bool = False
    unread: bool = False
    failed: bool = False
    sort: ListOrder | None = None

    @property
    def query(self) -> ConversationQuery:
        minutes = self.waits_minutes
        return ConversationQuery(
            view=self.view,
            filters=ConversationFilters(
                statuses=tuple(self.status),
                agent_id=self.agent,
                skill_id=self.skill,
                line_id=self.line,
                label_ids=tuple(self.label),
                priorities=tuple(self.priority),
                is_unanswered=self.unanswered,
                has_failed_text=self.failed,
            ),
            number_part=self.number_part,
            waits=None if minutes is None else timedelta(minutes=minutes),
            is_overdue=self.overdue,
            is_unread=self.unread,
            order=self.sort,
        )


@dataclass(frozen=True)
class ShownView:
    """A view, and how many conversations are in it: at most `MOST_COUNTED`, None if not asked."""

    view: NamedView
    filters: ViewFilters
    count: int | None = None

    @property
    def is_shared(self) -> bool:
        return self.view.agent_id is None


@dataclass(frozen=True)
class NewView:
    """A view to keep. `is_shared`: for everybody of the account."""

    name: str
    filters: ViewFilters
    is_shared: bool = False


@dataclass(frozen=True)
class ViewChange:
    """What to change of a view. Whose it is stays."""

    name: str | Unchanged = UNCHANGED
    filters: ViewFilters | Unchanged = UNCHANGED


async def listed(
    caller: Caller, session: AsyncSession, *, counted: bool = False
) -> Sequence[ShownView]:
    """Return the views the caller sees in their order: their own and the shared ones."""
    caller.require(Role.agent)
    views = await named_views.listed(session, caller.account_id, _own(caller))
    return [await _shown(caller, session, view, counted=counted) for view in views]


async def find(caller: Caller, session: AsyncSession, view_id: UUID) -> ShownView:
    """Return a view, with its count. Raises `NotFound`."""
    caller.require(Role.agent)
    view = await named_views.find(session, caller.account_id, _own(caller), view_id)
    return await _shown(caller, session, view, counted=True)


async def create(caller: Caller, session: AsyncSession, new: NewView) -> ShownView:
    """Keep a view. Raises `NotAllowed` for one of the account, `Conflict` when there are too many,
    `Invalid`, and `NobodyActs` for an own view of a program on its own.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    agent_id = None if new.is_shared else caller.actor.agent_id
    if new.is_shared:
        caller.require(Role.manager, "Managers share views with everybody.")
    _check(caller, new.name, new.filters)
    if await named_views.count(session, caller.account_id, agent_id) >= MOST_VIEWS:
        raise Conflict(f"There are {MOST_VIEWS} views already. Delete one first.")
    view = NamedView(
        account_id=caller.account_id,
        agent_id=agent_id,
        name=new.name,
        filters=_stored(new.filters),
    )
    session.add(view)
    await session.flush()
    return await _shown(caller, session, view, counted=True)


async def change(
    caller: Caller, session: AsyncSession, view_id: UUID, wanted: ViewChange
) -> ShownView:
    """Change a view. Raises what `create` raises, and `NotFound`."""
    view = await _to_change(caller, session, view_id)
    name = view.name if wanted.name is UNCHANGED else wanted.name
    filters = _read(view) if wanted.filters is UNCHANGED else wanted.filters
    _check(caller, name, filters)
    view.name, view.filters = name, _stored(filters)
    await session.flush()
    return await _shown(caller, session, view, counted=True)


async def delete(caller: Caller, session: AsyncSession, view_id: UUID) -> None:
    """Delete a view; its conversations stay. Raises `NotFound` and `NotAllowed`."""
    await session.delete(await _to_change(caller, session, view_id))


async def put_in_order(
    caller: Caller, session: AsyncSession, view_ids: Sequence[UUID]
) -> Sequence[ShownView]:
    """Set the order in which the caller sees their views. Unknown ones are left out."""
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    agent_id = caller.actor.agent_id
    known = {view.id for view in await named_views.listed(session, caller.account_id, agent_id)}
    await named_views.keep_order(session, agent_id, [one for one in view_ids if one in known])
    return await listed(caller, session)


async def _to_change(caller: Caller, session: AsyncSession, view_id: UUID) -> NamedView:
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    own = _own(caller)
    view = await named_views.find(session, caller.account_id, own, view_id, to_change=True)
    if view.agent_id is None:
        caller.require(Role.manager, "Managers change the views that everybody sees.")
    return view


def _own(caller: Caller) -> str | None:
    return caller.person.agent_id if caller.person else None


def _check(caller: Caller, name: str, filters: ViewFilters) -> None:
    check_setting("name", name)
    if not filters.model_dump(exclude_defaults=True):
        raise Invalid("Choose a filter or an order: a view without any shows everything.")
    filters.query.for_caller(caller)


def _stored(filters: ViewFilters) -> dict[str, object]:
    return filters.model_dump(mode="json", exclude_defaults=True)


def _read(view: NamedView) -> ViewFilters:
    # What a newer version stored and this one does not know filters nothing here.
    known = {
        name: value for name, value in view.filters.items() if name in ViewFilters.model_fields
    }
    return ViewFilters.model_validate(known)


async def _shown(
    caller: Caller, session: AsyncSession, view: NamedView, *, counted: bool
) -> ShownView:
    filters = _read(view)
    if not counted:
        return ShownView(view, filters)
    wanted = filters.query.for_caller(caller)
    found = await conversations.count(session, caller.viewer, wanted, most=MOST_COUNTED)
    return ShownView(view, filters, found)
