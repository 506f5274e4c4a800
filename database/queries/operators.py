"""Operators of the installation. They belong to no account; only the command line adds them."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Line, Operator
from domain.errors import Conflict, NotFound


async def add(session: AsyncSession, name: str, token_hash: bytes) -> None:
    """Add an operator. Raises `Conflict` when the name is taken."""
    if await session.get(Operator, name) is not None:
        raise Conflict(f"There is already an operator {name}.")
    session.add(Operator(name=name, token_hash=token_hash))


async def remove(session: AsyncSession, name: str) -> None:
    """Remove an operator. Raises `NotFound`."""
    gone = delete(Operator).where(Operator.name == name).returning(Operator.name)
    if await session.scalar(gone) is None:
        raise NotFound(f"There is no operator {name}.")


async def by_token(session: AsyncSession, token_hash: bytes) -> str | None:
    """Return the name of the operator with this token."""
    query = select(Operator.name).where(Operator.token_hash == token_hash)
    name: str | None = await session.scalar(query)
    return name


async def owns_lines(session: AsyncSession, account_id: str, line_ids: Collection[str]) -> bool:
    """Say whether all of these lines belong to an account, retired lines included."""
    query = select(Line.id).where(Line.id.in_(line_ids), Line.account_id == account_id)
    return set(await session.scalars(query)) == set(line_ids)
