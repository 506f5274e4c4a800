"""Versions of workers: which one is current, what runs on another, and how it is moved.

A workflow is pinned to the version that it began on, until its run continues as new. What waits
there is woken by a signal, and rolls over; what cannot go on there is moved in the middle of a run.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.deployment.v1 import WorkerDeploymentInfo
from temporalio.api.enums.v1 import TaskQueueType, WorkerVersioningMode
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueue
from temporalio.api.workflow.v1 import VersioningOverride, WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeWorkerDeploymentRequest,
    SetWorkerDeploymentCurrentVersionRequest,
    UpdateWorkflowExecutionOptionsRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.errors import Unavailable
from temporal.clock import temporal_time
from temporal.conversations import AWAY, LIST_TIMEOUT, SIGNAL_TIMEOUT
from temporal.kinds import OURS
from temporal.namespaces import lacks_namespace
from workflows.batches import messages as batches
from workflows.conversation.messages import CONVERSATIONS_QUEUE, LookAgain
from workflows.conversation.messages import WORKFLOW as CONVERSATION
from workflows.endpoints import messages as endpoints

DEPLOYMENT = "switchboard"
"""What Temporal calls all our workers together, whatever their version."""

POLLED_WITHIN = timedelta(minutes=2)
"""A worker asks for work at least every minute. Ours: twice that."""


class VersionUnknown(Exception):
    """No worker of this version has run yet, or the version lacks task queues of the current."""


@dataclass(frozen=True)
class Run:
    """A workflow that runs on some version."""

    workflow_id: str
    kind: str


@dataclass(frozen=True)
class Versions:
    """The versions of our workers, as Temporal knows them."""

    client: Client
    task_queue: str = CONVERSATIONS_QUEUE

    async def current(self) -> str | None:
        """Return the version that new conversations begin on; None before there is any.

        Raises `Unavailable`.
        """
        described = await self._described()
        routing = described.routing_config if described else None
        return (routing and routing.current_deployment_version.build_id) or None

    async def known(self) -> Sequence[str]:
        """Return the versions that workers have said they are, the newest first.

        Temporal forgets those without work and workers some time. Raises `Unavailable`.
        """
        described = await self._described()
        summaries = described.version_summaries if described else ()
        newest_first = sorted(summaries, key=lambda one: one.create_time.ToNanoseconds())[::-1]
        return [one.deployment_version.build_id for one in newest_first]

    async def _described(self) -> WorkerDeploymentInfo | None:
        """Return all about our workers; None before any worker with a version has run."""
        request = DescribeWorkerDeploymentRequest(
            namespace=self.client.namespace, deployment_name=DEPLOYMENT
        )
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                told = await self.client.workflow_service.describe_worker_deployment(
                    request, timeout=SIGNAL_TIMEOUT
                )
        except AWAY as error:
            if _is(error, RPCStatusCode.NOT_FOUND):
                return None
            raise Unavailable from error
        return told.worker_deployment_info

    async def make_current(self, build_id: str | None) -> None:
        """Let new conversations begin on a version, and open ones roll over to it.

        None: on workers without a version. Raises `VersionUnknown`, `Unavailable`.
        """
        request = SetWorkerDeploymentCurrentVersionRequest(
            namespace=self.client.namespace,
            deployment_name=DEPLOYMENT,
            build_id=build_id or "",
            identity=self.client.identity,
        )
        try:
            async with asyncio.timeout(LIST_TIMEOUT.total_seconds()):
                await self.client.workflow_service.set_worker_deployment_current_version(
                    request, timeout=LIST_TIMEOUT
                )
        except AWAY as error:
            if _is(error, RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION):
                raise VersionUnknown(build_id or "") from error
            raise Unavailable from error

    async def at_work(self) -> Collection[str | None]:
        """Return the versions whose workers take conversations; None: workers without a version.

        Raises `Unavailable`.
        """
        since = await temporal_time(self.client) - POLLED_WITHIN  # our clock may be wrong
        polled = [one for one in await self._pollers() if _polled_at(one) > since]
        return {one.deployment_options.build_id if _is_versioned(one) else None for one in polled}

    async def unversioned_at(self) -> datetime | None:
        """Return when a worker without a version last asked for work on conversations.

        None: not since Temporal was started, or for some minutes. Raises `Unavailable`.
        """
        found = [_polled_at(one) for one in await self._pollers() if not _is_versioned(one)]
        return max(found, default=None)

    async def has_finished_any(self) -> bool:
        """Say whether any of our work was ever finished, as far as Temporal remembers.

        Raises `Unavailable`.
        """
        named = ", ".join(f'"{kind}"' for kind in OURS)
        query = f'ExecutionStatus = "Completed" AND WorkflowType IN ({named})'
        try:
            async with asyncio.timeout(LIST_TIMEOUT.total_seconds()):
                found = await self.client.count_workflows(query, rpc_timeout=LIST_TIMEOUT)
        except AWAY as error:
            raise Unavailable from error
        return found.count > 0

    async def _pollers(self) -> Sequence[PollerInfo]:
        request = DescribeTaskQueueRequest(
            namespace=self.client.namespace,
            task_queue=TaskQueue(name=self.task_queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                told = await self.client.workflow_service.describe_task_queue(
                    request, timeout=SIGNAL_TIMEOUT
                )
        except AWAY as error:
            raise Unavailable from error
        return told.pollers

    async def running_on(
        self, build_id: str | None, *, begun_before: datetime | None = None
    ) -> Sequence[Run]:
        """Return our workflows that run on a version; None: on none. Raises `Unavailable`.

        A run has none before its first task is done: `begun_before` leaves newer ones of these out.
        """
        if build_id is None:
            named = ", ".join(f'"{kind}"' for kind in OURS)
            its = f"TemporalWorkerDeploymentVersion IS NULL AND WorkflowType IN ({named})"
            before = f' AND StartTime < "{begun_before.isoformat()}"' if begun_before else ""
            return await self._listed(its + before)
        version = f"{DEPLOYMENT}:{build_id}".replace('"', "")
        return await self._listed(f'TemporalWorkerDeploymentVersion = "{version}"')

    async def freed(self) -> Sequence[Run]:
        """Return what `free` freed and `pin` has not pinned again. Raises `Unavailable`."""
        return await self._listed('TemporalWorkflowVersioningBehavior = "AutoUpgrade"')

    async def _listed(self, condition: str) -> Sequence[Run]:
        query = f'{condition} AND ExecutionStatus = "Running"'
        try:
            async with asyncio.timeout(LIST_TIMEOUT.total_seconds()):
                found = self.client.list_workflows(query, rpc_timeout=LIST_TIMEOUT)
                return [Run(one.id, one.workflow_type) async for one in found]
        except AWAY as error:
            raise Unavailable from error

    async def wake(self, run: Run) -> None:
        """Have a workflow look around, after which it rolls over. Raises `Unavailable`."""
        signals: dict[str, tuple[str, list[object]]] = {
            CONVERSATION: (LookAgain().kind, [LookAgain()]),
            endpoints.WORKFLOW: (endpoints.WAKE, []),
            batches.WORKFLOW: (batches.LOOK, []),
        }
        if run.kind not in signals:
            return  # it ends, or rolls over, by itself
        name, arguments = signals[run.kind]
        handle = self.client.get_workflow_handle(run.workflow_id)
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                await handle.signal(name, args=arguments, rpc_timeout=SIGNAL_TIMEOUT)
        except AWAY as error:
            if not _is(error, RPCStatusCode.NOT_FOUND):
                raise Unavailable from error

    async def free(self, run: Run) -> None:
        """Let the current version go on with a run that began on another. Raises `Unavailable`."""
        await self._override(run, VersioningOverride(auto_upgrade=True))

    async def pin(self, run: Run) -> None:
        """Take `free` back: the run stays on the version that it is on. Raises `Unavailable`."""
        await self._override(run, None)

    async def _override(self, run: Run, override: VersioningOverride | None) -> None:
        options = WorkflowExecutionOptions()
        if override is not None:
            options.versioning_override.CopyFrom(override)
        request = UpdateWorkflowExecutionOptionsRequest(
            namespace=self.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=run.workflow_id),
            workflow_execution_options=options,
            update_mask=FieldMask(paths=["versioning_override"]),
            identity=self.client.identity,
        )
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                await self.client.workflow_service.update_workflow_execution_options(
                    request, timeout=SIGNAL_TIMEOUT
                )
        except AWAY as error:
            if not _is(error, RPCStatusCode.NOT_FOUND):
                raise Unavailable from error


def _polled_at(poller: PollerInfo) -> datetime:
    return poller.last_access_time.ToDatetime(UTC)


def _is_versioned(poller: PollerInfo) -> bool:
    mode = poller.deployment_options.worker_versioning_mode
    return bool(mode == WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED)


def _is(error: Exception, *statuses: RPCStatusCode) -> bool:
    said = isinstance(error, RPCError) and error.status in statuses
    return said and not lacks_namespace(error)
