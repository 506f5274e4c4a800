"""The schedules of exports in Temporal, kept in step with their rows by every worker."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError

from domain.exporting.spans import Every
from workflows.exports.messages import SCHEDULED_WORKFLOW, ScheduledRun
from workflows.maintenance.schedules import CALL_TIMEOUT

PREFIX = "export_schedule/"
PAUSE = timedelta(minutes=1)
CATCH_UP = timedelta(days=10)
"""How long an outage may last of which each missed run is made once afterwards. Ours."""


@dataclass(frozen=True)
class ExportPlan:
    """When a schedule runs, by the clock of a zone.

    `moved`: the runs of days that do not have this hour, which Temporal leaves out.
    """

    schedule_id: UUID
    every: Every
    hour: int
    zone: str
    moved: tuple[datetime, ...] = ()

    @property
    def id(self) -> str:
        """Return its id in Temporal."""
        return f"{PREFIX}{self.schedule_id}"

    @property
    def spec(self) -> ScheduleSpec:
        """Return its times. Monday is 1."""
        hour = [ScheduleRange(self.hour)]
        match self.every:
            case Every.day:
                calendar = ScheduleCalendarSpec(hour=hour)
            case Every.week:
                calendar = ScheduleCalendarSpec(hour=hour, day_of_week=[ScheduleRange(1)])
            case Every.month:
                calendar = ScheduleCalendarSpec(hour=hour, day_of_month=[ScheduleRange(1)])
        calendars = [calendar, *map(_once, self.moved)]
        return ScheduleSpec(calendars=calendars, time_zone_name=self.zone)


def _once(at: datetime) -> ScheduleCalendarSpec:
    return ScheduleCalendarSpec(
        year=[ScheduleRange(at.year)],
        month=[ScheduleRange(at.month)],
        day_of_month=[ScheduleRange(at.day)],
        hour=[ScheduleRange(at.hour)],
    )


Plans = Callable[[], Awaitable[Collection[ExportPlan]]]


async def keep_exporting(
    client: Client, task_queue: str, plans: Plans, *, pause: timedelta = PAUSE
) -> None:
    """Keep one schedule for each row, until cancelled; those without a row are deleted.

    A row is followed within `pause`, and so is another time zone of its account. Raises `RPCError`
    and `RuntimeError` while Temporal is away, and the errors of `plans`.
    """
    kept: frozenset[ExportPlan] = frozenset()
    while True:
        found = frozenset(await plans())
        there = {one.id async for one in await client.list_schedules() if one.id.startswith(PREFIX)}
        for plan in sorted(found, key=lambda one: one.id):
            if plan not in kept or plan.id not in there:
                await schedule(client, task_queue, plan)
        for one in there - {plan.id for plan in found}:
            with suppress(RPCError):  # another worker has deleted it, or the next look will
                await client.get_schedule_handle(one).delete(rpc_timeout=CALL_TIMEOUT)
        kept = found
        await asyncio.sleep(pause.total_seconds())


async def schedule(client: Client, task_queue: str, plan: ExportPlan) -> None:
    """Create or update a schedule. Safe to repeat. Raises `RPCError`, `RuntimeError`."""
    wanted = Schedule(
        action=ScheduleActionStartWorkflow(
            SCHEDULED_WORKFLOW,
            ScheduledRun(schedule_id=plan.schedule_id),
            id=plan.id,
            task_queue=task_queue,
        ),
        spec=plan.spec,
        # Each missed run is about days of its own: it is made once, one after the other.
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.BUFFER_ALL, catchup_window=CATCH_UP),
    )
    try:
        await client.create_schedule(plan.id, wanted, rpc_timeout=CALL_TIMEOUT)
    except ScheduleAlreadyRunningError:
        handle = client.get_schedule_handle(plan.id)

        def brought_up_to_date(found: ScheduleUpdateInput) -> ScheduleUpdate:
            wanted.state.paused = found.description.schedule.state.paused
            return ScheduleUpdate(wanted)

        await handle.update(brought_up_to_date, rpc_timeout=CALL_TIMEOUT)
