"""The activity that says until when quiet hours hold a text that nobody asked for."""

from dataclasses import dataclass
from uuid import UUID

from temporalio import activity

from activities.contract import QUIET_HOURS, QuietHoursRead, QuietHoursRequest
from database.engine import Sessions
from database.queries.quiet_hours import numbers_hours
from domain.consent.quiet_hours import held_until


@dataclass(frozen=True)
class QuietHours:
    """The local activity that reads quiet hours, by the tables and settings of its moment."""

    sessions: Sessions

    @activity.defn(name=QUIET_HOURS)
    async def quiet_hours(self, request: QuietHoursRequest) -> QuietHoursRead:
        """Return until when a text to a consumer waits that would leave at a moment."""
        consumer = UUID(request.consumer_id)
        found = await numbers_hours(self.sessions.direct, request.account_id, consumer)
        if found is None:
            return QuietHoursRead()
        number, own = found
        return QuietHoursRead(hold=held_until(number, request.at, own))
