"""Texts that a provider posted to the wrong line's webhook: finds their line, and counts them."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Line, LineRefusal
from domain.numbers.kinds import LineKind, Misdirected


async def lines_at(
    session: AsyncSession, account_id: str, numbers: Collection[str], service: str | None
) -> Sequence[str]:
    """Return the ids of an account's active lines with one of these numbers or this service.

    Lines with a number come before lines of a messaging service.
    """
    is_service = Line.kind == str(LineKind.service)
    of_service = is_service & (func.lower(Line.address) == (service or "").lower())
    meant = or_(Line.address.in_(numbers), of_service)
    query = (
        select(Line.id)
        .where(Line.account_id == account_id, Line.retired_at.is_(None), meant)
        .order_by(is_service, Line.id)
    )
    return (await session.scalars(query)).all()


async def note(session: AsyncSession, line_id: str, reason: Misdirected) -> None:
    """Count a text that came to a line's webhook and was not for the line."""
    row = upsert(LineRefusal).values(line_id=line_id, reason=str(reason))
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[LineRefusal.line_id, LineRefusal.reason],
            set_={"last_at": func.now(), "times": LineRefusal.times + 1},
        )
    )


async def of_lines(
    session: AsyncSession, line_ids: Collection[str]
) -> dict[str, list[LineRefusal]]:
    """Return the counted refusals of lines, the newest first."""
    found: dict[str, list[LineRefusal]] = {line_id: [] for line_id in line_ids}
    query = select(LineRefusal).where(LineRefusal.line_id.in_(line_ids))
    for row in await session.scalars(query.order_by(LineRefusal.last_at.desc())):
        found[row.line_id].append(row)
    return found


async def of_account(session: AsyncSession, account_id: str) -> Sequence[tuple[str, LineRefusal]]:
    """Return the counted refusals of an account's active lines with their names, newest first."""
    query = (
        select(Line.name, LineRefusal)
        .join(Line, Line.id == LineRefusal.line_id)
        .where(Line.account_id == account_id, Line.retired_at.is_(None))
        .order_by(LineRefusal.last_at.desc())
    )
    return [(name, row) for name, row in (await session.execute(query)).all()]
