"""The maintenance schedules in Temporal, which every worker creates or brings up to date."""

import asyncio
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

from workflows.maintenance.messages import PLANS, WORKFLOW, MaintenanceRequest, Plan

CALL_TIMEOUT = timedelta(seconds=10)
"""Ours: far above the time of a call, and the next attempt follows in seconds."""
CHECK_INTERVAL = timedelta(minutes=1)
"""Ours: a lost schedule is missed for less than a run. A check is not a billable action."""


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
        MaintenanceRequest(job=plan.job),
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
