"""The maintenance schedules in Temporal, which every worker creates or brings up to date."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError, RPCStatusCode

from workflows.maintenance.messages import CATCH_UP_SCHEDULES, PLANS, WORKFLOW, Plan, catch_up_plan

CALL_TIMEOUT = timedelta(seconds=10)
"""Ours: far above the time of a call, and the next attempt follows in seconds."""
CHECK_INTERVAL = timedelta(minutes=1)
"""Ours: a lost schedule is missed for less than a run. A check is not a billable action."""


@dataclass(frozen=True)
class ConnectorsInUse:
    """Ids of connectors with lines: those whose provider lists texts, and those whose provider this
    process does not know, because a newer one has made them.
    """

    listing: frozenset[str]
    unknown: frozenset[str]


Connectors = Callable[[], Awaitable[ConnectorsInUse]]


async def keep_scheduled(
    client: Client, task_queue: str, *, pause: timedelta = CHECK_INTERVAL
) -> None:
    """Schedule all maintenance and run it now; then keep it scheduled until cancelled.

    It runs now because a worker may be starting after a failure, and repairs must not wait for the
    next run. A Temporal that was restored to an earlier time may have lost its schedules. Raises
    `RPCError` and `RuntimeError` while Temporal is away.
    """
    missing: tuple[Plan, ...] = PLANS
    while True:
        for plan in missing:
            await schedule(client, task_queue, plan)
        await asyncio.sleep(pause.total_seconds())
        missing = tuple([plan for plan in PLANS if await _is_missing(client, plan)])


async def keep_catching_up(
    client: Client, task_queue: str, connectors: Connectors, *, pause: timedelta = CHECK_INTERVAL
) -> None:
    """Keep one schedule for each connector whose provider lists texts, until cancelled.

    A schedule is made within `pause` after its connector, and runs at once; it is deleted after the
    connector has no line any more. Raises `RPCError` and `RuntimeError` while Temporal is away, and
    the errors of `connectors`.
    """
    kept: set[str] = set()
    while True:
        found = await connectors()
        for connector_id in sorted(found.listing):
            plan = catch_up_plan(connector_id)
            if connector_id not in kept or await _is_missing(client, plan):
                await schedule(client, task_queue, plan)
        kept = set(found.listing)
        await _delete_others(client, found)
        await asyncio.sleep(pause.total_seconds())


async def _delete_others(client: Client, connectors: ConnectorsInUse) -> None:
    """Delete the schedules of connectors that are not in use. Their list may be a moment old."""
    keep = connectors.listing | connectors.unknown
    async for listed in await client.list_schedules():
        connector_id = listed.id.removeprefix(CATCH_UP_SCHEDULES)
        if connector_id != listed.id and connector_id not in keep:
            with suppress(RPCError):  # another worker has deleted it, or the next look will
                await client.get_schedule_handle(listed.id).delete(rpc_timeout=CALL_TIMEOUT)


async def _is_missing(client: Client, plan: Plan) -> bool:
    """Say whether Temporal knows of no such schedule; while it is away, nobody can tell."""
    try:
        await client.get_schedule_handle(plan.schedule_id).describe(rpc_timeout=CALL_TIMEOUT)
    except RPCError as error:
        return error.status is RPCStatusCode.NOT_FOUND
    except RuntimeError:
        return False
    return False


async def schedule(client: Client, task_queue: str, plan: Plan) -> None:
    """Create or update a job's schedule from its plan, and run it once. Safe to repeat.

    A schedule that an operator paused stays paused. Raises `RPCError`, `RuntimeError`.
    """
    wanted = _schedule(plan, task_queue)
    try:
        await client.create_schedule(
            plan.schedule_id, wanted, trigger_immediately=True, rpc_timeout=CALL_TIMEOUT
        )
    except ScheduleAlreadyRunningError:
        handle = client.get_schedule_handle(plan.schedule_id)

        def brought_up_to_date(found: ScheduleUpdateInput) -> ScheduleUpdate:
            wanted.state.paused = found.description.schedule.state.paused
            return ScheduleUpdate(wanted)

        await handle.update(brought_up_to_date, rpc_timeout=CALL_TIMEOUT)
        if not wanted.state.paused:
            await handle.trigger(overlap=ScheduleOverlapPolicy.SKIP, rpc_timeout=CALL_TIMEOUT)


def _schedule(plan: Plan, task_queue: str) -> Schedule:
    action = ScheduleActionStartWorkflow(
        WORKFLOW,
        plan.request,
        id=plan.schedule_id,
        task_queue=task_queue,
        execution_timeout=2 * plan.within + plan.every,
    )
    return Schedule(
        action=action,
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=plan.every)]),
        policy=SchedulePolicy(
            overlap=ScheduleOverlapPolicy.SKIP,
            catchup_window=plan.every,  # after an outage of Temporal one run is enough
        ),
        state=ScheduleState(note=plan.says),
    )
