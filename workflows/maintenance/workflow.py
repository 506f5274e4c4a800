"""The workflow of all maintenance: one run does one job once, and the UI shows how it went."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from workflows.maintenance.messages import PLANS, WORKFLOW, MaintenanceRequest

TWICE = RetryPolicy(initial_interval=timedelta(seconds=30), maximum_attempts=2)
"""The next run is the next attempt: more of them would only hide that this one failed."""


@workflow.defn(name=WORKFLOW)
class MaintenanceWorkflow:
    """Does a job of maintenance, and fails when it could not be done."""

    @workflow.run
    async def run(self, request: MaintenanceRequest) -> None:
        [plan] = [one for one in PLANS if one.job is request.job]
        await workflow.execute_activity(
            plan.job.value,
            start_to_close_timeout=plan.within,
            retry_policy=TWICE,
            summary=plan.says,
        )
