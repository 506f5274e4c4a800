"""Operators, who may read what Temporal keeps of every account: for the installation only."""

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import operators
from domain.errors import Invalid
from services.installation import Installation


async def add(_: Installation, session: AsyncSession, name: str, token_hash: bytes) -> None:
    """Name an operator. `token_hash`: SHA-256 of a token made at random.

    Raises `Conflict`, and `Invalid` for an empty name.
    """
    if not name.strip():
        raise Invalid("Name the operator: the status page shows who pressed which button.")
    await operators.add(session, name, token_hash)


async def remove(_: Installation, session: AsyncSession, name: str) -> None:
    """Take an operator's right away. Raises `NotFound`."""
    await operators.remove(session, name)
