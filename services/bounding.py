"""Bounds: one stolen log-in must not become a phone bill.

They hold for what people and programs write, never for replies of the system such as the one to
STOP. A text is counted before it is handed on; one that is refused was not accepted.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import bounds
from database.queries.bounds import Counted, Counting
from database.tables import Line
from domain.errors import DomainError
from domain.numbers.countries import country_of, may_text
from domain.people.roles import Role
from services.caller import Caller

SENTENCES = {
    "agent/minute": "You have sent {most} texts in this minute, which is the most. Wait a minute.",
    "agent/day": "You have sent {most} texts today, which is the most. An admin can raise it.",
    "line/minute": "This line has sent {most} texts in this minute, which is the most. Wait a "
    "minute.",
    "line/day": "This line has sent {most} texts today, which is the most. An admin can raise it.",
    "account/minute": "Your account has sent {most} texts in this minute, which is the most. Wait "
    "a minute.",
    "account/day": "Your account has sent {most} texts today, which is the most. An admin can "
    "raise it.",
}
BATCHES = {
    "agent/day": "You may text {most} recipients in a day. An admin can start this batch, or raise "
    "it.",
    "line/day": "This line may send {most} texts in a day. An admin can raise it.",
    "account/day": "Your account may send {most} texts in a day. An admin can raise it.",
}


class BoundReached(DomainError):
    """So many texts are not allowed: nothing was sent."""

    code = "bound_reached"
    status = 429
    sentence = "More texts than are allowed. Nothing was sent."


class CountryNotAllowed(DomainError):
    code = "country_not_allowed"
    status = 422
    sentence = "This line may not text this country. An admin can allow it on the line's page."


async def count(caller: Caller, sessions: Sessions, line_id: str, texts: int = 1) -> None:
    """Count texts of the caller. Raises `BoundReached`, and managers are alerted."""
    now = await sessions.clock.now()
    found = await bounds.count(sessions.direct, _counting(caller, line_id, texts), now)
    await _require_room(found, sessions, line_id, now)


async def count_within(
    caller: Caller, session: AsyncSession, sessions: Sessions, line_id: str
) -> None:
    """Count a text of the caller in a transaction, which is undone if the text is refused.

    Raises `BoundReached`, and managers are alerted all the same.
    """
    now = await sessions.clock.now()
    found = await bounds.count_within(session, _counting(caller, line_id, 1), now)
    await _require_room(found, sessions, line_id, now)


async def count_batch(
    caller: Caller, session: AsyncSession, sessions: Sessions, line_id: str, recipients: int
) -> None:
    """Count the recipients of a batch that starts, for its day. Admins have no bound of their own.

    Raises `BoundReached`, and managers are alerted all the same.
    """
    now = await sessions.clock.now()
    own = None if caller.has(Role.admin) or caller.person is None else caller.person.agent_id
    what = Counting(caller.account_id, line_id, own, recipients, at_once=False)
    for one in await bounds.count_within(session, what, now):
        if one.texts > one.most:
            await bounds.hit(sessions.direct, line_id, now)
            raise BoundReached(BATCHES[one.bound].format(most=one.most))


def _counting(caller: Caller, line_id: str, texts: int) -> Counting:
    agent_id = caller.person.agent_id if caller.person else None
    return Counting(caller.account_id, line_id, agent_id, texts)


async def _require_room(
    found: Sequence[Counted], sessions: Sessions, line_id: str, now: datetime
) -> None:
    for one in found:
        if one.texts > one.most:
            await bounds.hit(sessions.direct, line_id, now)
            raise BoundReached(SENTENCES[one.bound].format(most=one.most))


def check_country(line: Line, number: str) -> None:
    """Raise `CountryNotAllowed` for a number in a country that a line may not text first."""
    if not may_text(line.address, line.countries, number):
        country = country_of(number)
        raise CountryNotAllowed(
            f"This line may not text numbers of {country}. An admin can allow it on the line's "
            "page."
            if country
            else None
        )
