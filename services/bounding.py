"""Bounds: one stolen log-in must not become a phone bill.

They hold for what people and programs write, never for replies of the system such as the one to
STOP. A text is counted before it is handed on; one that is refused was not accepted.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import bounds
from database.tables import Line
from domain.errors import DomainError
from domain.numbers.countries import country_of, may_text
from services.caller import Caller
from services.clock import utc_now

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


class BoundReached(DomainError):
    """So many texts are not allowed: nothing was sent."""

    code = "bound_reached"
    status = 429
    sentence = "More texts than are allowed. Nothing was sent."


class CountryNotAllowed(DomainError):
    code = "country_not_allowed"
    status = 422
    sentence = "This line may not text this country. An admin can allow it on the line's page."


async def count(caller: Caller, sessions: Sessions, line_id: str) -> None:
    """Count a text of the caller. Raises `BoundReached`, and managers are alerted."""
    agent_id = caller.person.agent_id if caller.person else None
    now = utc_now()
    found = await bounds.count(sessions.direct, caller.account_id, line_id, agent_id, now)
    for one in found:
        if one.texts > one.most:
            await bounds.hit(sessions.direct, line_id, now)
            raise BoundReached(SENTENCES[one.bound].format(most=one.most))


async def count_within(caller: Caller, session: AsyncSession, line_id: str) -> None:
    """Count a text of the caller in a transaction, which is undone if the text is refused.

    Raises `BoundReached`.
    """
    agent_id = caller.person.agent_id if caller.person else None
    found = await bounds.count_within(session, caller.account_id, line_id, agent_id, utc_now())
    for one in found:
        if one.texts > one.most:
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
