"""The workflow of a batch: slice after slice until everybody has their text, or it is cancelled.

What is to be done stands in PostgreSQL. The workflow keeps only how far it knows the batch to be,
which shows when the database was restored to an earlier time.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from domain.batches.kinds import BatchStatus
    from workflows.batches.messages import (
        LOOK,
        SLICE,
        SLICE_WORKFLOW,
        WORKFLOW,
        WRITE_RECIPIENTS,
        BatchRun,
        SliceDone,
        SliceRequest,
    )
    from workflows.maintenance.messages import ALIVE_WITHIN

SLICES_OF_A_RUN = 50
"""Ours: about 600 events, of which a worker reads all when it takes the batch over."""
STRETCHES = 20
"""Activities of a slice. Ours: a slow line takes several for a slice, and events stay few."""
STRETCH = timedelta(minutes=5)
"""Ours: twice as long as an activity works before it returns."""
AGAIN = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))


@workflow.defn(name=SLICE_WORKFLOW)
class BatchSliceWorkflow:
    """Writes the texts to some recipients, as fast as their line takes them."""

    @workflow.run
    async def run(self, request: SliceRequest) -> SliceDone:
        taken, settled = 0, request.settled
        for _ in range(STRETCHES):
            # Pauses and cancellations are read from the database by the activity itself.
            done: SliceDone = await workflow.execute_activity(
                WRITE_RECIPIENTS,
                SliceRequest(batch_id=request.batch_id, settled=settled),
                result_type=SliceDone,
                start_to_close_timeout=STRETCH,
                heartbeat_timeout=ALIVE_WITHIN,
                retry_policy=AGAIN,
                summary="Writes texts to the next recipients.",
            )
            taken, settled = taken + done.taken, max(settled, done.settled)
            is_full = taken >= SLICE or done.wait_seconds is not None
            if is_full or done.status != BatchStatus.running:
                break
        return done.model_copy(update={"taken": taken, "settled": settled})


@workflow.defn(name=WORKFLOW)
class BatchWorkflow:
    """Sends one notification to many consumers."""

    @workflow.init
    def __init__(self, run: BatchRun) -> None:
        self._run = run
        self._is_woken = False

    @workflow.signal(name=LOOK)
    def look(self) -> None:
        """Look at the batch now: somebody has changed its state."""
        self._is_woken = True

    @workflow.run
    async def run(self, run: BatchRun) -> str:
        """Return how the batch ended, for a database that was restored to an earlier time."""
        settled, slices = run.settled, run.slices
        for _ in range(SLICES_OF_A_RUN):
            self._is_woken = False
            # A signal that comes while the slice runs makes the next wait end at once.
            done: SliceDone = await workflow.execute_child_workflow(
                SLICE_WORKFLOW,
                SliceRequest(batch_id=run.batch_id, settled=settled),
                result_type=SliceDone,
                id=f"{workflow.info().workflow_id}/{slices}",
                static_summary=f"Slice {slices + 1}",
            )
            settled, slices = max(settled, done.settled), slices + 1
            if done.status not in (BatchStatus.cancelled, BatchStatus.done):
                if workflow.info().is_target_worker_deployment_version_changed():
                    break  # it goes on at once, on the newer code
                await self._wait(done)
            elif not self._is_woken:
                return done.status
        further = run.model_copy(update={"settled": settled, "slices": slices})
        return workflow.continue_as_new(
            further,
            initial_versioning_behavior=workflow.ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
        )

    async def _wait(self, done: SliceDone) -> None:
        """Wait until somebody resumes the batch, or until its next recipients' hour.

        A batch in draft was started before its database was restored.
        """
        if done.status != BatchStatus.running:
            await workflow.wait_condition(lambda: self._is_woken)
        elif done.wait_seconds is not None:
            try:
                await workflow.wait_condition(
                    lambda: self._is_woken, timeout=timedelta(seconds=done.wait_seconds)
                )
            except TimeoutError:
                return
