"""Makes the records of conversations anew from what the database holds."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession


async def write(session: AsyncSession, account_id: str, ids: Collection[UUID]) -> None:
    """Write the records of some of an account's conversations."""
