"""The maintenance workflow: each run does one job once, and the Temporal UI shows its result."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from workflows.maintenance.messages import ALIVE_WITHIN, WORKFLOW, MaintenanceRequest, plan_of

TWICE = RetryPolicy(initial_interval=timedelta(seconds=30), maximum_attempts=2)
"""Ours: the next scheduled run is another attempt, and more retries would hide a failure."""


@workflow.defn(name=WORKFLOW)
class MaintenanceWorkflow:
    """Does one maintenance job, and fails if the job cannot be done."""

    @workflow.run
    async def run(self, request: MaintenanceRequest) -> None:
        plan = plan_of(request)
        # Nothing else happens in this workflow.
        await workflow.execute_activity(
            plan.job.value,
            args=[] if request.connector_id is None else [request.connector_id],
            start_to_close_timeout=plan.within,
            heartbeat_timeout=ALIVE_WITHIN,
            retry_policy=TWICE,
            summary=plan.says,
        )
