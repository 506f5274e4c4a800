"""What quiet hours need to know of a consumer and their account."""

from datetime import time
from uuid import UUID

from database.direct import Direct, Executor
from domain.consent.quiet_hours import OwnHours

HOURS = b"""
    SELECT consumer.number, account.time_zone, account.texts_from, account.texts_until
    FROM consumer JOIN account ON account.id = consumer.account_id
    WHERE consumer.id = %(consumer_id)s AND account.id = %(account_id)s
      AND account.holds_quiet_hours
"""


async def numbers_hours(
    direct: Direct, account_id: str, consumer_id: UUID
) -> tuple[str, OwnHours] | None:
    """Return a consumer's number and the account's own hours; None: it holds no text for them."""
    return await hours_in(direct.fetch_one, account_id, consumer_id)


async def hours_in(
    ask: Executor, account_id: str, consumer_id: UUID
) -> tuple[str, OwnHours] | None:
    """The same, in whichever transaction asks."""
    values = {"account_id": account_id, "consumer_id": consumer_id}
    row = await ask(HOURS, values)
    if row is None:
        return None
    number, zone, begins, ends = row
    return number, OwnHours(zone, begins or time(0), ends or time.max)
