"""The workflow of an erasure: step after step until nothing is left.

How far it is stands in PostgreSQL, and every step finds what is left by itself: so a step may stop
at any line, and run twice.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from domain.erasure.kinds import ErasureStatus
    from workflows.erasure.messages import ERASE, WORKFLOW, ErasureGoesOn, ErasureRun
    from workflows.maintenance.messages import ALIVE_WITHIN

STEPS_OF_A_RUN = 200
"""Ours: about 1,600 events."""
STEP = timedelta(minutes=5)
"""Ours: several times as long as a step works before it returns."""
AGAIN = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))


@workflow.defn(name=WORKFLOW)
class ErasureWorkflow:
    """Erases everything about one consumer."""

    @workflow.run
    async def run(self, run: ErasureRun) -> None:
        for _ in range(STEPS_OF_A_RUN):
            done: ErasureGoesOn = await workflow.execute_activity(
                ERASE,
                run,
                result_type=ErasureGoesOn,
                start_to_close_timeout=STEP,
                heartbeat_timeout=ALIVE_WITHIN,
                retry_policy=AGAIN,
                summary="Erases what is left.",
            )
            if done.status == ErasureStatus.done:
                return
            if done.wait_seconds is not None:
                await workflow.sleep(timedelta(seconds=done.wait_seconds))
        workflow.continue_as_new(
            run,
            initial_versioning_behavior=workflow.ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
        )
