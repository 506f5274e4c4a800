"""The activity that posts events to an endpoint."""

import asyncio
from dataclasses import dataclass

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from database.away import NOT_DONE
from outgoing.endpoints import Endpoints
from workflows.endpoints.messages import ALIVE_WITHIN, DELIVER, DeliveryResult, EndpointRequest

BEAT_SECONDS = ALIVE_WITHIN.total_seconds() / 3
"""Ours: two may be late before the worker counts as dead."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Deliveries:
    """Posts events. Any number of endpoints at once; of one endpoint one run at a time counts."""

    endpoints: Endpoints

    @activity.defn(name=DELIVER)
    async def deliver(self, request: EndpointRequest) -> DeliveryResult:
        """Post what there is to post; a worker that stops ends after the round."""
        beating = asyncio.create_task(_beat())
        try:
            ended = await self.endpoints.run(request.endpoint_id, activity.is_worker_shutdown)
        except NOT_DONE as error:
            kind = type(error).__name__
            log.warning("delivery_impossible", endpoint=request.endpoint_id, error=kind)
            raise ApplicationError("The database did not answer.", type=kind) from None
        finally:
            beating.cancel()
        pause = None if ended.pause is None else ended.pause.total_seconds()
        return DeliveryResult(is_retired=ended.is_retired, pause_seconds=pause)


async def _beat() -> None:
    """Tell Temporal that this worker lives. A short run does not, which costs no action."""
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        activity.heartbeat()
