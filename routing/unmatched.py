"""Which open conversations have no running workflow, and which running workflows nothing open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from database.clock import database_time
from database.direct import Direct
from database.queries import watches
from database.queries.watches import HEALED_AFTER, WatchedThread
from temporal.conversations import ConversationClient


@dataclass(frozen=True)
class Unmatched:
    """Open rows without a running workflow, and ids of running workflows without an open row."""

    rows: Sequence[WatchedThread]
    workflows: Sequence[str]


async def unmatched(direct: Direct, workflows: ConversationClient) -> Unmatched:
    """Compare open rows with running workflows, both ways. Raises `Unavailable`.

    Conversations go on while Temporal is asked, so the rows of what was found are read again.
    """
    rows = await watches.open_threads(direct)
    running = await workflows.running()
    alone = [row for row in rows if row.workflow_id not in running]
    began_before = await database_time(direct.fetch_one) - HEALED_AFTER
    old = {workflow for workflow, began in running.items() if began < began_before}
    idle = sorted(old - {row.workflow_id for row in rows})
    return await _with_rows_of_now(direct, alone, idle)


async def still_unmatched(direct: Direct, found: Unmatched, runs: Mapping[str, bool]) -> Unmatched:
    """Return what still does not match, after each workflow was asked for itself.

    Temporal's list lags behind what begins and what ends. `runs`: whether a workflow runs; those
    that did not answer are left out, and count as the list has them.
    """
    alone = [row for row in found.rows if not runs.get(row.workflow_id, False)]
    idle = [workflow for workflow in found.workflows if runs.get(workflow, True)]
    return await _with_rows_of_now(direct, alone, idle)


async def _with_rows_of_now(
    direct: Direct, alone: Sequence[WatchedThread], idle: Sequence[str]
) -> Unmatched:
    """Leave out rows that are closed by now, and workflows that rightly run."""
    open_now = await watches.still_open(direct, [row.conversation_id for row in alone])
    at_work = await watches.at_work(direct, idle)
    return Unmatched(
        [row for row in alone if row.conversation_id in open_now],
        [workflow for workflow in idle if workflow not in at_work],
    )
