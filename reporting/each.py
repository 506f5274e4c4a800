"""Does something for each account, so that what fails for one holds up no other."""

from collections.abc import Awaitable, Callable, Collection

from database.away import is_away


async def each(
    account_ids: Collection[str], work: Callable[[str], Awaitable[None]]
) -> list[Exception]:
    """Do something for each account; returns what failed. Raises errors of a database away."""
    failed: list[Exception] = []
    for account_id in account_ids:
        try:
            await work(account_id)
        except Exception as error:
            if is_away(error):
                raise
            failed.append(error)
    return failed
