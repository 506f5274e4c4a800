"""The client of conversation workflows: hands texts over, gives commands, signals what happened.

No other module outside the workflows calls Temporal for a conversation. Errors are translated:
`Unavailable` when Temporal cannot be reached, `MayStillBeDone` when a command was given and not
answered in time.
"""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from domain.conversation.inputs import ReceivedText
from domain.errors import (
    ConversationClosed,
    DomainError,
    MayStillBeDone,
    Unavailable,
    error_for,
)
from measuring.meters import Meters
from temporal.kinds import OURS
from temporal.namespaces import lacks_workflow
from temporal.readiness import is_reachable
from temporal.refusals import is_misunderstood
from temporal.running import SeenRunning
from temporal.threads import Thread as Thread
from workflows.conversation.commands import Command, OpenByAgent
from workflows.conversation.messages import (
    CONVERSATIONS_QUEUE,
    WORKFLOW,
    AgentAssigned,
    AgentLeft,
    AgentOffered,
    CommandDone,
    ConsumerTexts,
    EndedByOperator,
    LookAgain,
    OptOutReported,
)

SIGNAL_TIMEOUT = timedelta(seconds=3)
"""A closing workflow refuses signals for about a second, during which the SDK retries."""
REACH_TIMEOUT = timedelta(seconds=3)
COMMAND_TIMEOUT = timedelta(seconds=10)
# A terminated workflow keeps its reported problems.
STUCK = (
    'ExecutionStatus = "Running" AND TemporalReportedProblems IN '
    '("category=WorkflowTaskFailed", "category=WorkflowTaskTimedOut")'
)
LIST_TIMEOUT = timedelta(seconds=60)
TASK_TIMEOUT = timedelta(seconds=20)
"""After this time Temporal counts a workflow task as lost and schedules it again. Ours: the default
of 10 s passes on a busy machine without a loss, and each repetition adds load. A longer time-out
delays conversations whose worker died or lost its connection.
"""


AWAY = (RPCError, RuntimeError, TimeoutError)
"""Errors that mean Temporal did not answer. A client that connects at its first call raises
`RuntimeError`, and only after half a minute, so each call has a time limit of ours.
"""


UNANSWERED = (WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, *AWAY)
"""Errors that mean a command was refused, or not answered in time."""


Texted = ReceivedText | ConsumerTexts


class WorkflowGone(Exception):
    """No workflow with this id runs: it completed, or an operator ended it."""


class FailingUnknown(Exception):
    """This Temporal cannot list workflows whose tasks fail: it is older than 1.30."""


@dataclass(frozen=True)
class ConversationClient:
    """Reaches conversation workflows on behalf of the API, ingress and the router."""

    client: Client
    task_queue: str = CONVERSATIONS_QUEUE
    task_timeout: timedelta = TASK_TIMEOUT
    meters: Meters = field(default_factory=Meters, repr=False)
    public_url: str | None = None
    """Where people use Switchboard, for links that operators follow."""
    _seen_running: SeenRunning = field(default_factory=SeenRunning, init=False, repr=False)

    async def hand_over(self, thread: Thread, texts: Sequence[ReceivedText]) -> None:
        """Signal a consumer's texts, in order, to the open conversation or a new one.

        Temporal has stored the texts when this returns, even if no worker runs. Safe to repeat.
        Raises `Unavailable`. A plain signal costs half as much as signal-with-start, so it is tried
        first if the workflow was seen running.
        """
        signal = texts[0] if len(texts) == 1 else ConsumerTexts(texts=tuple(texts))
        with ExitStack() as spans:
            for text in texts:
                spans.enter_context(self.meters.spans.of("signal", text.message_id))
            await self._signal_or_start(thread, signal)
        self._seen_running.add(thread.workflow_id)
        for text in texts:
            self.meters.handed_over(text.received_at)

    async def _signal_or_start(self, thread: Thread, signal: Texted) -> None:
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                if not await self._signalled_running(thread.workflow_id, signal):
                    await self._start_with(thread, signal)
        except AWAY as error:
            raise Unavailable from error

    async def _signalled_running(self, workflow: str, signal: Texted) -> bool:
        """Signal a workflow; False when it no longer runs."""
        if workflow not in self._seen_running:
            return False
        handle = self.client.get_workflow_handle(workflow)
        try:
            await handle.signal(signal.kind, signal, rpc_timeout=SIGNAL_TIMEOUT)
        except RPCError as error:
            if not lacks_workflow(error):
                raise
            self._seen_running.forget(workflow)
            return False
        return True

    async def _start_with(self, thread: Thread, signal: Texted | LookAgain) -> None:
        """Signal the thread's workflow, and start it if none runs."""
        await self.client.start_workflow(
            WORKFLOW,
            thread.start,
            id=thread.workflow_id,
            task_queue=self.task_queue,
            start_signal=signal.kind,
            start_signal_args=[signal],
            task_timeout=self.task_timeout,
            static_summary=thread.summary,
            static_details=thread.details(self.public_url),
            search_attributes=thread.search_attributes,
            rpc_timeout=SIGNAL_TIMEOUT,
        )

    async def open(self, thread: Thread, command: OpenByAgent) -> CommandDone:
        """Open a conversation for an agent. Raises the same errors as `command`."""
        start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            WORKFLOW,
            thread.start,
            id=thread.workflow_id,
            task_queue=self.task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            task_timeout=self.task_timeout,
            static_summary=thread.summary,
            static_details=thread.details(self.public_url),
            search_attributes=thread.search_attributes,
        )
        await self._reach()
        try:
            async with asyncio.timeout(COMMAND_TIMEOUT.total_seconds()):
                done: CommandDone = await self.client.execute_update_with_start_workflow(
                    command.update,
                    command,
                    start_workflow_operation=start,
                    id=command.key,
                    result_type=CommandDone,
                    rpc_timeout=COMMAND_TIMEOUT,
                )
        except UNANSWERED as error:
            if lacks_workflow(error):  # the workflow completed meanwhile; its decision may stand
                raise MayStillBeDone from error
            raise await self._unanswered(thread.workflow_id, error) from error
        return done

    async def command(
        self, thread: Thread, conversation_id: str, command: Command, *, row_sequence: int = 0
    ) -> CommandDone:
        """Give an agent's command and wait until it is journalled.

        `row_sequence`: the last step in the row of an open conversation. If the workflow is gone,
        it is started again; if it is behind the row, it reads the database first.

        Raises the error of the rule that refuses it, `ConversationClosed` when no workflow runs,
        `Unavailable` when the command was not given, and `MayStillBeDone` when no answer comes in
        time. The same command may be given again with the same key.
        """
        await self._reach()
        meant = {"conversation_id": conversation_id, "row_sequence": row_sequence}
        command = command.model_copy(update=meant)
        try:
            return await self._give(thread.workflow_id, command)
        except ConversationClosed:
            if not row_sequence or await self.is_running(thread.workflow_id):
                raise
        await self.look_again(thread)
        return await self._give(thread.workflow_id, command)

    async def _give(self, workflow_id: str, command: Command) -> CommandDone:
        handle = self.client.get_workflow_handle(workflow_id)
        try:
            async with asyncio.timeout(COMMAND_TIMEOUT.total_seconds()):
                done = await handle.execute_update(
                    command.update,
                    command,
                    id=command.key,
                    result_type=CommandDone,
                    rpc_timeout=COMMAND_TIMEOUT,
                )
        except UNANSWERED as error:
            raise await self._unanswered(workflow_id, error) from error
        return CommandDone.model_validate(done)

    async def _unanswered(self, workflow_id: str, error: Exception) -> DomainError:
        """Return the error in our words; the workflow looks in the database if it may be done.

        Temporal keeps a command in memory until it is accepted. It may be forgotten although its
        step is journalled; a signal, which is kept, makes the workflow adopt that step.
        """
        told = _in_our_words(error)
        if isinstance(told, MayStillBeDone):
            with suppress(Unavailable):  # the watches make it look later
                await self.look_if_running(workflow_id)
        return told

    async def is_running(self, workflow_id: str) -> bool:
        """Say whether a workflow with this id runs. Raises `Unavailable`."""
        handle = self.client.get_workflow_handle(workflow_id)
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                found = await handle.describe(rpc_timeout=SIGNAL_TIMEOUT)
        except AWAY as error:
            if lacks_workflow(error):
                return False
            raise Unavailable from error
        return found.status is WorkflowExecutionStatus.RUNNING

    async def _reach(self) -> None:
        """Raise `Unavailable` while Temporal does not answer.

        This is checked before a command is given, because it cannot be told afterwards: the SDK
        retries a failed call, and its last error does not say whether an earlier try arrived.
        """
        try:
            async with asyncio.timeout(REACH_TIMEOUT.total_seconds()):
                if await is_reachable(self.client):
                    return
        except TimeoutError as error:
            raise Unavailable from error
        raise Unavailable

    async def assigned(self, workflow: str, assignment: AgentAssigned) -> None:
        """Signal the agent the router chose. Raises `WorkflowGone`, `Unavailable`."""
        await self._signal(workflow, assignment.kind, assignment)

    async def offered(self, workflow: str, offer: AgentOffered) -> None:
        """Signal the agent to offer the conversation to. Raises `WorkflowGone`, `Unavailable`."""
        await self._signal(workflow, offer.kind, offer)

    async def agent_left(self, workflow: str, departure: AgentLeft) -> None:
        """Signal that an agent left and does not come back; safe to repeat.

        Raises `WorkflowGone`, `Unavailable`.
        """
        await self._signal(workflow, departure.kind, departure)

    async def opted_out(
        self, workflow: str, conversation_id: str | None = None, *, is_block: bool = False
    ) -> bool:
        """Signal an opt-out or block recorded outside the conversation; safe to repeat.

        Returns False when no workflow runs. Raises `Unavailable`.
        """
        signal = OptOutReported(conversation_id=conversation_id, is_block=is_block)
        try:
            await self._signal(workflow, signal.kind, signal)
        except WorkflowGone:
            return False
        return True

    async def look_again(self, thread: Thread) -> None:
        """Make a thread's workflow continue from the database; starts it if none runs.

        Safe to repeat. Raises `Unavailable`.
        """
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                await self._start_with(thread, LookAgain())
        except AWAY as error:
            raise Unavailable from error

    async def look_if_running(self, workflow_id: str) -> None:
        """Make a workflow compare itself with the database, if it runs. Raises `Unavailable`."""
        signal = LookAgain()
        try:
            await self._signal(workflow_id, signal.kind, signal)
        except WorkflowGone:
            return

    async def end(self, workflow_id: str, conversation_id: str) -> None:
        """End a conversation as an operator, without a survey.

        Raises `WorkflowGone`, `Unavailable`.
        """
        signal = EndedByOperator(conversation_id=conversation_id)
        await self._signal(workflow_id, signal.kind, signal)

    async def terminate(self, workflow_id: str) -> None:
        """Terminate a workflow that does not answer, if it runs. Its conversation stays open.

        Raises `Unavailable`.
        """
        handle = self.client.get_workflow_handle(workflow_id)
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                await handle.terminate("ended by an operator", rpc_timeout=SIGNAL_TIMEOUT)
        except AWAY as error:
            if not lacks_workflow(error):
                raise Unavailable from error

    async def running(self) -> dict[str, datetime]:
        """Return the ids of running conversation workflows, each with when its run started.

        Raises `Unavailable`.
        """
        return await self._listed('ExecutionStatus = "Running"', (WORKFLOW,))

    async def stuck(self) -> list[str]:
        """Return the ids of our running workflows whose tasks keep failing or timing out.

        Those of endpoints, batches and other work as well. Raises `FailingUnknown`, `Unavailable`.
        """
        try:
            return list(await self._listed(STUCK, OURS))
        except Unavailable as error:
            if is_misunderstood(error.__cause__):
                raise FailingUnknown from error
            raise

    async def _listed(self, condition: str, kinds: Sequence[str]) -> dict[str, datetime]:
        named = ", ".join(f'"{kind}"' for kind in kinds)
        query = f"WorkflowType IN ({named}) AND {condition}"
        try:
            async with asyncio.timeout(LIST_TIMEOUT.total_seconds()):
                found = self.client.list_workflows(query, rpc_timeout=LIST_TIMEOUT)
                return {execution.id: execution.start_time async for execution in found}
        except AWAY as error:
            raise Unavailable from error

    async def _signal(self, workflow: str, name: str, argument: Any) -> None:
        handle = self.client.get_workflow_handle(workflow)
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                await handle.signal(name, argument, rpc_timeout=SIGNAL_TIMEOUT)
        except AWAY as error:
            if lacks_workflow(error):
                raise WorkflowGone(workflow) from error
            raise Unavailable from error


ENDED_UNDER = "AcceptedUpdateCompletedWorkflow"
"""Temporal's error for a command whose workflow completed first. A retry carries it out once."""
UNPROCESSED = "UnprocessedUpdate"
"""Temporal's error for a command that no worker took, because the worker's cached workflow was
ahead of Temporal's restored history. Nothing was done.
"""


def _in_our_words(error: Exception) -> DomainError:
    cause = error.__cause__
    if isinstance(error, WorkflowUpdateFailedError) and isinstance(cause, ApplicationError):
        if cause.type == UNPROCESSED:
            return Unavailable()
        if cause.type == ENDED_UNDER:
            return MayStillBeDone()
        return error_for(cause.type or "refused", cause.message)
    return ConversationClosed() if lacks_workflow(error) else MayStillBeDone()
