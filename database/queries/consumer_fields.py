"""The fields an account keeps about its consumers."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import ConsumerField
from domain.consumers.fields import Field
from domain.consumers.kinds import FieldKind
from domain.people.roles import Role


def definition(row: ConsumerField) -> Field:
    """Return a field as the rules know it."""
    return Field(
        id=row.id,
        key=row.id.removeprefix(f"{row.account_id}-"),
        name=row.name,
        kind=FieldKind(row.kind),
        choices=tuple(row.choices),
        seen_by=Role(row.seen_by),
        edited_by=Role(row.edited_by),
        is_required=row.is_required,
    )


async def seen(
    session: AsyncSession,
    account_id: str,
    roles: Collection[Role],
    *,
    after: str | None = None,
    limit: int | None = None,
    retired: bool = False,
) -> Sequence[ConsumerField]:
    """Return the fields that these roles see, by their ids, after `after`."""
    query = select(ConsumerField).where(
        ConsumerField.account_id == account_id, ConsumerField.seen_by.in_([*map(str, roles)])
    )
    if after is not None:
        query = query.where(ConsumerField.id > after)
    if not retired:
        query = query.where(ConsumerField.retired_at.is_(None))
    return (await session.scalars(query.order_by(ConsumerField.id).limit(limit))).all()


async def in_use(
    session: AsyncSession, account_id: str, roles: Collection[Role]
) -> Sequence[Field]:
    """Return the fields in use that these roles see, in the account's order."""
    rows = await seen(session, account_id, roles)
    return [definition(row) for row in sorted(rows, key=_order)]


def _order(row: ConsumerField) -> tuple[int, str, str]:
    return row.position, row.name.casefold(), row.id


async def count(session: AsyncSession, account_id: str) -> int:
    """Count the fields in use."""
    query = select(func.count()).where(
        ConsumerField.account_id == account_id, ConsumerField.retired_at.is_(None)
    )
    return await session.scalar(query) or 0
