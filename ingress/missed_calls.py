"""Answers missed and abandoned calls by a text, where the menu allows it.

Any number of workers may run this: each takes a call by its row, decides and writes in the same
transaction. What happened since the call ended counts: a late key press, an opt-out, quiet hours.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import calls, menus
from database.tables import PhoneCall
from domain.calls.kinds import WhyNot
from domain.calls.menu import Design
from ingress.call_texts import REASON, Texting, answer_missed, texting

PAUSE_SECONDS = 2.0
"""Between two looks. Ours: a caller who was not answered does not wait for the second."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class MissedCalls:
    """A worker's task that texts the callers of missed calls."""

    sessions: Sessions

    async def run(self, pause: float = PAUSE_SECONDS) -> None:
        """Answer all calls that are due, then again every `pause` seconds, until cancelled."""
        while True:
            try:
                has_more = await self.answer_next(await self.sessions.clock.now())
            except NOT_DONE as error:
                log.warning("missed_calls_failed", error=type(error).__name__)
                has_more = False
            if not has_more:
                await asyncio.sleep(pause)

    async def answer_next(self, now: datetime) -> bool:
        """Decide about one call that is due; returns whether there was one."""
        async with self.sessions.begin() as session:
            call = await calls.take_due(session, now)
            if call is None:
                return False
            by = await texting_of(session, call)
            if by is None:
                call.text_due_at, call.why_not = None, WhyNot.line_retired
            else:
                await answer_missed(session, by, call, now)
            log.info("missed_call_decided", line=call.line_id, why_not=call.why_not)
            return True


async def texting_of(session: AsyncSession, call: PhoneCall) -> Texting | None:
    """Return who texts the caller of a stored call: its menu, or a menu of another system."""
    if call.menu_id and call.menu_version is not None:
        found = await menus.version_of(session, call.account_id, call.menu_id, call.menu_version)
        if found is not None:
            return await texting(session, call.account_id, found.design, found.menu.name)
    design = Design(line=call.line_id, languages=(call.language,))
    return await texting(session, call.account_id, design, REASON)
