"""Fields that an account keeps about its consumers: who sees them, who edits them, in which order.

What the fields hold is a matter of `services.consumers`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, consumer_fields
from database.tables import ConsumerField
from domain.consumers.fields import (
    MOST_FIELDS,
    check_key,
    check_roles,
    checked_choices,
)
from domain.consumers.kinds import FieldKind
from domain.errors import Conflict, Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from domain.text.hidden import is_seen
from services.caller import Caller
from services.changes import UNCHANGED, Change, Unchanged
from services.clock import utc_now


@dataclass(frozen=True)
class NewConsumerField:
    """A field. Without an id, the name makes one. `position`: lower ones come first."""

    name: str
    kind: FieldKind
    choices: Sequence[str] = ()
    seen_by: Role = Role.agent
    edited_by: Role = Role.agent
    is_required: bool = False
    position: int = 0
    id: str | None = None


@dataclass(frozen=True)
class ConsumerFieldChange(Change):
    """Another kind is another field, because the values would not fit.

    What was chosen stays with consumers when a choice is no longer offered.
    """

    name: str | Unchanged = UNCHANGED
    choices: Sequence[str] | Unchanged = UNCHANGED
    seen_by: Role | Unchanged = UNCHANGED
    edited_by: Role | Unchanged = UNCHANGED
    is_required: bool | Unchanged = UNCHANGED
    position: int | Unchanged = UNCHANGED


async def listed(
    caller: Caller,
    session: AsyncSession,
    *,
    after: str | None = None,
    limit: int | None = None,
    retired: bool = False,
) -> Sequence[ConsumerField]:
    """Return the fields the caller sees, after the id `after`."""
    caller.require(Role.agent)
    return await consumer_fields.seen(
        session, caller.account_id, caller.roles, after=after, limit=limit, retired=retired
    )


async def find(caller: Caller, session: AsyncSession, field_id: str) -> ConsumerField:
    """Return a field, retired or not. Raises `NotFound`."""
    caller.require(Role.admin)
    return await account_rows.find(session, ConsumerField, caller.account_id, field_id)


async def create(caller: Caller, session: AsyncSession, new: NewConsumerField) -> ConsumerField:
    """Create a field. Raises `Invalid`, and `Conflict` if there are as many as there may be."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    _check_name(new.name)
    check_setting("position", new.position)
    check_roles(new.seen_by, new.edited_by)
    choices = checked_choices(new.kind, new.choices)
    if await consumer_fields.count(session, caller.account_id) >= MOST_FIELDS:
        raise Conflict(f"There are {MOST_FIELDS} fields already. Retire one first.")
    field_id = await account_rows.new_id(
        session, ConsumerField, caller.account_id, new.name, new.id
    )
    check_key(field_id.removeprefix(f"{caller.account_id}-"))
    field = ConsumerField(
        id=field_id,
        account_id=caller.account_id,
        name=new.name.strip(),
        kind=str(new.kind),
        choices=choices,
        seen_by=str(new.seen_by),
        edited_by=str(new.edited_by),
        is_required=new.is_required,
        position=new.position,
    )
    session.add(field)
    await session.flush()
    return field


async def change(
    caller: Caller, session: AsyncSession, field_id: str, wanted: ConsumerFieldChange
) -> ConsumerField:
    """Change a field. Raises `NotFound`, `Conflict` and `Invalid`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    field = await account_rows.find_active(session, ConsumerField, caller.account_id, field_id)
    if wanted.name is not UNCHANGED:
        _check_name(wanted.name)
    if wanted.choices is not UNCHANGED:
        field.choices = checked_choices(FieldKind(field.kind), wanted.choices)
    wanted.apply(field, but=("choices",))
    check_roles(Role(field.seen_by), Role(field.edited_by))
    await session.flush()
    return field


async def retire(caller: Caller, session: AsyncSession, field_id: str) -> None:
    """Retire a field: nobody sees it or its values any more. Raises `NotFound`, `Conflict`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    field = await account_rows.find_active(session, ConsumerField, caller.account_id, field_id)
    account_rows.retire(field, utc_now())


def _check_name(name: str) -> None:
    check_setting("name", name)
    if not is_seen(name):
        raise Invalid("The name has no character that can be seen.")
