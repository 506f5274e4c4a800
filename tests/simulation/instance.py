"""One run of the conversation workflow in memory, driven without a server.

The only module that speaks the SDK's private parts: activations in, commands out.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.bridge.proto.workflow_activation import WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.common import TypedSearchAttributes
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DefaultFailureConverter
from temporalio.worker import UnsandboxedWorkflowRunner
from temporalio.worker._workflow_instance import WorkflowInstance, WorkflowInstanceDetails
from temporalio.workflow import Info, _Definition

from workflows.conversation.messages import WORKFLOW
from workflows.conversation.workflow import ConversationWorkflow

CONVERTER = pydantic_data_converter.payload_converter
FAILURES = DefaultFailureConverter()
DEFINITION = _Definition.must_from_class(ConversationWorkflow)
QUEUE = "conversations"
NO_LOOP = asyncio.new_event_loop()
"""Stands for the worker's loop while an instance is made: it is only asked to be there."""

Job = WorkflowActivationJob
Command = WorkflowCommand


class TaskFailed(Exception):
    """The workflow's code raised: its task would be tried again for ever."""


class Running:
    """A run of the workflow in a worker's memory."""

    def __init__(self, workflow_id: str, run_id: str, started_at: datetime) -> None:
        self.run_id = run_id
        asyncio._set_running_loop(NO_LOOP)
        try:
            self._instance = _created(workflow_id, run_id, started_at)
        finally:
            asyncio._set_running_loop(None)

    def activate(
        self, jobs: Sequence[Job], now: datetime, events: int, *, is_replaying: bool = False
    ) -> list[Command]:
        """Apply jobs; return the commands they led to. Raises `TaskFailed`.

        `events`: length of the history so far.
        """
        act = WorkflowActivation(
            run_id=self.run_id,
            timestamp=stamp(now),
            is_replaying=is_replaying,
            history_length=events,
            jobs=jobs,
        )
        done = self._instance.activate(act)
        if done.HasField("failed"):
            raise TaskFailed(done.failed.failure.message, done.failed.failure.stack_trace)
        return list(done.successful.commands)

    def state(self) -> dict[str, Any] | None:
        """Return the state of the conversation under way, as the workflow has it."""
        workflow: Any = self._instance._object  # type: ignore[attr-defined]
        core = workflow._core
        return core.state.model_dump(mode="json") if core else None

    def evict(self) -> None:
        """Forget it, as a worker does with what it has no room for."""
        act = WorkflowActivation(run_id=self.run_id)
        act.jobs.add().remove_from_cache.SetInParent()
        self._instance.activate(act)


def _created(workflow_id: str, run_id: str, started_at: datetime) -> WorkflowInstance:
    info = Info(
        attempt=1,
        continued_run_id=None,
        cron_schedule=None,
        execution_timeout=None,
        first_execution_run_id=run_id,
        headers={},
        namespace="default",
        original_execution_run_id=run_id,
        parent=None,
        root=None,
        raw_memo={},
        retry_policy=None,
        run_id=run_id,
        run_timeout=None,
        search_attributes={},
        start_time=started_at,
        workflow_start_time=started_at,
        task_queue=QUEUE,
        task_timeout=datetime.resolution * 10_000_000,
        typed_search_attributes=TypedSearchAttributes([]),
        workflow_id=workflow_id,
        workflow_type=WORKFLOW,
        priority=None,  # type: ignore[arg-type]
    )
    details = WorkflowInstanceDetails(
        payload_converter_factory=lambda: CONVERTER,
        failure_converter_class=DefaultFailureConverter,
        interceptor_classes=[],
        defn=DEFINITION,
        info=info,
        randomness_seed=1,
        extern_functions={"__temporal_assert_local_activity_valid": lambda _: None},
        disable_eager_activity_execution=True,
        worker_level_failure_exception_types=[],
        patch_activation_callback=None,
        last_completion_result=Payloads(),
        last_failure=None,
    )
    return UnsandboxedWorkflowRunner().create_instance(details)


# Jobs


def started(workflow_id: str, run_id: str, argument: Payload, at: datetime) -> Job:
    job = Job()
    init = job.initialize_workflow
    init.workflow_type, init.workflow_id = WORKFLOW, workflow_id
    init.first_execution_run_id, init.randomness_seed = run_id, 1
    init.arguments.append(argument)
    init.start_time.CopyFrom(stamp(at))
    return job


def patched(commands: Sequence[Command]) -> list[Job]:
    """Return the jobs that name the patches which commands of the history are behind."""
    jobs = []
    for command in commands:
        if command.HasField("set_patch_marker"):
            job = Job()
            job.notify_has_patch.patch_id = command.set_patch_marker.patch_id
            jobs.append(job)
    return jobs


def signalled(name: str, argument: object) -> Job:
    job = Job()
    job.signal_workflow.signal_name = name
    job.signal_workflow.originating_event_id = 1  # only groups events for a page of the server's
    job.signal_workflow.input.append(payload(argument))
    return job


def updated(update_id: str, name: str, argument: object) -> Job:
    job = Job()
    job.do_update.id = job.do_update.protocol_instance_id = update_id
    job.do_update.name = name
    job.do_update.run_validator = True
    job.do_update.input.append(payload(argument))
    return job


def replayed(job: Job) -> Job:
    """Return a job as history tells it: an update that was accepted is not checked again."""
    if not job.HasField("do_update"):
        return job
    again = Job()
    again.CopyFrom(job)
    again.do_update.run_validator = False
    return again


def cancelled() -> Job:
    job = Job()
    job.cancel_workflow.reason = "an operator wants it"
    return job


def fired(seq: int) -> Job:
    job = Job()
    job.fire_timer.seq = seq
    return job


def resolved(seq: int, result: object, *, is_local: bool) -> Job:
    job = Job()
    job.resolve_activity.seq, job.resolve_activity.is_local = seq, is_local
    job.resolve_activity.result.completed.result.CopyFrom(payload(result))
    return job


def failed(seq: int, error: BaseException) -> Job:
    job = Job()
    job.resolve_activity.seq, job.resolve_activity.is_local = seq, True
    FAILURES.to_failure(error, CONVERTER, job.resolve_activity.result.failed.failure)
    return job


# Values


def payload(value: object) -> Payload:
    return CONVERTER.to_payloads([value])[0]


def value(of: Payload, as_type: type[Any]) -> Any:
    return CONVERTER.from_payloads([of], [as_type])[0]


def refusal(command: Command) -> str:
    """Return the code with which an update was refused."""
    return command.update_response.rejected.application_failure_info.type


def stamp(at: datetime) -> Timestamp:
    found = Timestamp()
    found.FromDatetime(at.astimezone(UTC))
    return found
