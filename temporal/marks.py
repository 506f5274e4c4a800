"""The mark of a Temporal namespace: whose it is, as the id of an installation.

A paused schedule that never runs holds it: any client may write and read one, Temporal keeps it
for as long as it is paused, and refuses to make it twice. Its id stands in the workflow id of its
action, because pausing overwrites notes, and memos are encrypted with an installation's own keys.
"""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleSpec,
    ScheduleState,
)
from temporalio.service import RPCError

from temporal.namespaces import lacks_workflow

MARK = "switchboard/installation"
"""The schedule's id."""
NOBODYS_QUEUE = "switchboard-installation"
PREFIX = "installation/"
UNKNOWN = "unknown"
"""Whose mark is none of ours."""
CALL_TIMEOUT = timedelta(seconds=10)


async def read_mark(client: Client) -> str | None:
    """Return whose mark the namespace bears; None when it bears none.

    Raises `RPCError`, of a missing namespace as well, and `RuntimeError` while Temporal is away.
    """
    try:
        found = await client.get_schedule_handle(MARK).describe(rpc_timeout=CALL_TIMEOUT)
    except RPCError as error:
        if lacks_workflow(error):
            return None
        raise
    action = found.schedule.action
    if not isinstance(action, ScheduleActionStartWorkflow):
        return UNKNOWN
    return action.id.removeprefix(PREFIX)


async def mark(client: Client, installation: UUID) -> str | None:
    """Mark the namespace unless it is marked; return whose mark it bears then."""
    with suppress(ScheduleAlreadyRunningError):
        await client.create_schedule(MARK, _schedule(installation), rpc_timeout=CALL_TIMEOUT)
    return await read_mark(client)


def _schedule(installation: UUID) -> Schedule:
    action = ScheduleActionStartWorkflow(
        "Installation",
        id=f"{PREFIX}{installation}",
        task_queue=NOBODYS_QUEUE,
        execution_timeout=timedelta(minutes=1),
    )
    note = "Says whose namespace this is. It never runs: leave it paused."
    return Schedule(action=action, spec=ScheduleSpec(), state=ScheduleState(note=note, paused=True))
