"""Whole numbers that are looked for."""

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import consumers
from domain.numbers.phone_numbers import check_has_country, key_of


async def key_sought(session: AsyncSession, account_id: str, typed: str) -> str:
    """Return the key of the consumer who is looked for.

    Raises `NumberInvalid`, also for a number without its country that nobody texted from as it
    stands: the one that is meant is kept with its country, and would not be found.
    """
    key = key_of(typed)
    if await consumers.known_by(session, account_id, key) is None:
        check_has_country(typed)
    return key
