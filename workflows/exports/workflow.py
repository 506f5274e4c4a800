"""The workflow of an export: part after part until its file is whole, or it is cancelled.

How far it is stands in PostgreSQL, beside the parts. The workflow keeps nothing.
"""

from datetime import timedelta
from itertools import count
from uuid import UUID

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeKey
from temporalio.exceptions import (
    ActivityError,
    ChildWorkflowError,
    WorkflowAlreadyStartedError,
    is_cancelled_exception,
)

with workflow.unsafe.imports_passed_through():
    from workflows.exports.messages import (
        BEGIN_SCHEDULED,
        DELIVER_SCHEDULED,
        GIVE_UP_SCHEDULED,
        MAKE_PARTS,
        SCHEDULED_WORKFLOW,
        WORKFLOW,
        ExportRun,
        ScheduledRun,
        workflow_id,
    )
    from workflows.maintenance.messages import ALIVE_WITHIN

STRETCHES = 200
"""Activities of a run. Ours: a worker reads about 1,200 events when it takes the export over."""
STRETCH = timedelta(minutes=5)
"""Ours: longer than an activity works before it returns."""
AGAIN = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
DELIVERED_AGAIN = RetryPolicy(
    initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=15)
)
"""Ours: a bucket that is away for minutes is soon found again, and one for hours not pestered."""
DELIVERED_WITHIN = timedelta(hours=6)
"""Ours: a bucket that takes nothing for so long is told to admins as a failure."""
MADE_AGAIN = timedelta(minutes=1)
"""Ours: an export takes minutes, and its schedule's run is not to fill its history with looking."""
MADE_AGAIN_WITHIN = timedelta(hours=1)
"""Ours: one that fails each time is to fill it no sooner than in months."""
MOST_DOUBLINGS = 10
"""Ours: far beyond that."""
SCHEDULED_AT = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")


@workflow.defn(name=WORKFLOW)
class ExportWorkflow:
    """Makes the file of one export."""

    @workflow.run
    async def run(self, run: ExportRun) -> None:
        for _ in range(STRETCHES):
            # A cancellation is read from the database by the activity itself.
            goes_on: bool = await workflow.execute_activity(
                MAKE_PARTS,
                run,
                result_type=bool,
                start_to_close_timeout=STRETCH,
                heartbeat_timeout=ALIVE_WITHIN,
                retry_policy=AGAIN,
                summary="Writes the next parts.",
            )
            if not goes_on:
                return
        workflow.continue_as_new(
            run,
            initial_versioning_behavior=workflow.ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
        )


@workflow.defn(name=SCHEDULED_WORKFLOW)
class ScheduledExportWorkflow:
    """Makes one run's export of a schedule, and takes it where it is to go."""

    @workflow.run
    async def run(self, run: ScheduledRun) -> None:
        due_at = run.due_at or workflow.info().typed_search_attributes.get(SCHEDULED_AT)
        due = run.model_copy(update={"due_at": due_at or workflow.info().start_time})
        export_id: UUID | None = await workflow.execute_activity(
            BEGIN_SCHEDULED,
            due,
            result_type=UUID,
            start_to_close_timeout=timedelta(minutes=1),
            retry_policy=AGAIN,
            summary="Begins the export.",
        )
        if export_id is None:
            return
        await self._make(export_id)
        try:
            await self._deliver(ExportRun(export_id=export_id))
        except ActivityError:
            await workflow.execute_activity(
                GIVE_UP_SCHEDULED,
                ExportRun(export_id=export_id),
                start_to_close_timeout=timedelta(minutes=2),
                retry_policy=AGAIN,
                summary="Keeps that the bucket did not take it.",
            )

    async def _make(self, export_id: UUID) -> None:
        """Make an export, or wait until whoever has begun to make it is done."""
        for tries in count():
            try:
                await workflow.execute_child_workflow(
                    WORKFLOW, ExportRun(export_id=export_id), id=workflow_id(export_id)
                )
            except (WorkflowAlreadyStartedError, ChildWorkflowError) as error:
                # A worker that looks for late exports was faster, or somebody has terminated it.
                if is_cancelled_exception(error):
                    raise
                await workflow.sleep(made_again(tries), summary="Waits for whoever makes it.")
            else:
                return

    async def _deliver(self, run: ExportRun) -> None:
        await workflow.execute_activity(
            DELIVER_SCHEDULED,
            run,
            start_to_close_timeout=timedelta(hours=1),
            schedule_to_close_timeout=DELIVERED_WITHIN,
            heartbeat_timeout=ALIVE_WITHIN,
            retry_policy=DELIVERED_AGAIN,
            summary="Copies the file into the bucket, and tells the endpoint.",
        )


def made_again(tries: int) -> timedelta:
    """Return the pause after so many pauses: each is twice the one before, up to an hour."""
    pause: timedelta = MADE_AGAIN * 2 ** min(tries, MOST_DOUBLINGS)
    return min(pause, MADE_AGAIN_WITHIN)
