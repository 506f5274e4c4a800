"""Alerts: what managers should know of while it lasts."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import alerts, events
from database.queries.alerts import Found, Names
from database.queries.events import NewEvent
from database.tables import Alert
from domain.conversation.kinds import EventKind
from domain.people.roles import Role
from services.caller import Caller

LOOK_SECONDS = 10.0
"""Ours: an alert comes and goes within seconds, and one statement looks at all accounts."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class AlertsShown:
    """Alerts, and the names of what they are about."""

    alerts: Sequence[Alert]
    names: Names


async def listed(
    caller: Caller, session: AsyncSession, *, before: int | None, limit: int
) -> AlertsShown:
    """Return alerts, the latest first, also those that are over; in teams, those of the teams."""
    caller.require(Role.manager)
    rows = await alerts.listed(
        session, caller.account_id, caller.led_skills, before=before, limit=limit
    )
    return AlertsShown(rows, await alerts.names(session, rows))


@dataclass(frozen=True)
class AlertWatch:
    """Finds what managers should know of. Any number of processes may run it at once."""

    sessions: Sessions
    seconds: float = LOOK_SECONDS

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.look()
            except NOT_DONE as error:
                log.warning("alerts_not_looked_for", error=type(error).__name__)
            await asyncio.sleep(self.seconds)

    async def look(self) -> None:
        """Begin and end alerts by what is so now, each account in a transaction of its own."""
        now = await self.sessions.clock.now()
        async with self.sessions() as session:
            found = await alerts.found(session, now)
            present = await alerts.all_present(session)
        known = {Found(one.account_id, one.kind, one.subject_id): one for one in present}
        begun, over = found - known.keys(), known.keys() - found
        for account_id in sorted({one.account_id for one in begun | over}):
            await self._tell(
                account_id,
                [one for one in begun if one.account_id == account_id],
                [known[one] for one in over if one.account_id == account_id],
                now,
            )

    async def _tell(
        self, account_id: str, begun: Sequence[Found], over: Sequence[Alert], now: datetime
    ) -> None:
        """Keep what changed in an account, unless another process was quicker."""
        async with self.sessions.begin() as session:
            names = await alerts.names(session, [*begun, *over])
            told = [
                _event(EventKind.alert_began, one, names, now)
                for one in begun
                if await alerts.begin(session, one, now)
            ]
            told += [
                _event(EventKind.alert_ended, one, names, now)
                for one in over
                if await alerts.end(session, one, now)
            ]
            await events.append(session, account_id, told)


def _event(kind: EventKind, one: Found | Alert, names: Names, now: datetime) -> NewEvent:
    name = names.get((one.kind, one.subject_id), one.subject_id)
    return NewEvent(
        kind=kind, at=now, data={"alert": one.kind, "subject": one.subject_id, "name": name}
    )
