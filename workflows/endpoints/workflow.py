"""The workflow of an endpoint: it waits, and runs the activity that posts events.

It remembers nothing of what was posted, so that nothing here can contradict the database.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from workflows.endpoints.messages import (
    ALIVE_WITHIN,
    DELIVER,
    WAKE,
    WORKFLOW,
    DeliveryResult,
    EndpointRequest,
)

RUN_WITHIN = timedelta(minutes=10)
"""Ours: far above the two minutes after which a run ends by itself."""
AGAIN = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))
"""Without an end: what fails here is the database, and events wait there."""
ROLL_OVER_EVENTS = 500
"""Ours, as for conversations: a history of this length is replayed in half a second."""


@workflow.defn(name=WORKFLOW)
class EndpointWorkflow:
    """Posts to one endpoint whenever it is woken or something is due, until it is retired."""

    def __init__(self) -> None:
        self._is_woken = True

    @workflow.run
    async def run(self, request: EndpointRequest) -> None:
        while True:
            self._is_woken = False
            # Who wakes it meanwhile is heard below: the next run begins at once.
            result = await self._deliver(request)
            if result.is_retired and not self._is_woken:
                return
            if self._roll_over_is_due():
                workflow.continue_as_new(
                    request,
                    initial_versioning_behavior=workflow.ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
                )
            if not result.is_retired:
                await self._wait(result.pause_seconds)

    @workflow.signal(name=WAKE)
    def wake(self) -> None:
        """Note that there is something to post."""
        self._is_woken = True

    async def _deliver(self, request: EndpointRequest) -> DeliveryResult:
        result: DeliveryResult = await workflow.execute_activity(
            DELIVER,
            request,
            result_type=DeliveryResult,
            start_to_close_timeout=RUN_WITHIN,
            heartbeat_timeout=ALIVE_WITHIN,
            retry_policy=AGAIN,
            summary="posts events",
        )
        return result

    async def _wait(self, seconds: float | None) -> None:
        """Wait until it is woken, or until something is due."""
        if seconds is not None and seconds <= 0:
            return
        pause = None if seconds is None else timedelta(seconds=seconds)
        try:
            # Nothing else changes meanwhile.
            await workflow.wait_condition(lambda: self._is_woken, timeout=pause)
        except TimeoutError:
            return

    def _roll_over_is_due(self) -> bool:
        info = workflow.info()
        is_long = info.get_current_history_length() >= ROLL_OVER_EVENTS
        is_due = is_long or info.is_continue_as_new_suggested()
        return is_due or info.is_target_worker_deployment_version_changed()
