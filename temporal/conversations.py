"""How everybody else reaches conversation workflows: hand a text over, give a command, tell.

The one place outside the workflow that knows how Temporal is spoken to. Errors come out in our
words: `Unavailable` when Temporal can not be reached, `MayStillBeDone` when a command was given and
not answered in time.
"""

import asyncio
from collections.abc import Sequence
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
from temporalio.common import TypedSearchAttributes, WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain.conversation.inputs import ReceivedText
from domain.errors import (
    ConversationClosed,
    DomainError,
    MayStillBeDone,
    Unavailable,
    error_for,
)
from domain.ids import ConsumerId, LineId, workflow_id
from temporal.readiness import is_reachable
from temporal.running import SeenRunning
from workflows.conversation.messages import (
    CONVERSATIONS_QUEUE,
    WORKFLOW,
    AgentAssigned,
    AgentLeft,
    AgentOffered,
    Command,
    CommandDone,
    ConsumerTexts,
    ConversationStart,
    EndedByOperator,
    LookAgain,
    OpenByAgent,
    OptOutReported,
    command_name,
)
from workflows.search_attributes import at_start

SIGNAL_TIMEOUT = timedelta(seconds=3)
"""A closing workflow refuses signals for about a second; the client tries again by itself."""
REACH_TIMEOUT = timedelta(seconds=3)
COMMAND_TIMEOUT = timedelta(seconds=10)
STUCK_BY = ("WorkflowTaskFailed", "WorkflowTaskTimedOut")
LIST_TIMEOUT = timedelta(seconds=60)
TASK_TIMEOUT = timedelta(seconds=20)
"""After it Temporal takes a workflow task for lost and gives it out again. The server's own 10 s
pass on a busy machine with nothing lost, and every repetition makes it busier; more than this keeps
those waiting for longer whose worker died, or whose way to Temporal was lost.
"""


@dataclass(frozen=True)
class Thread:
    """A line's texts with one consumer. `summary` is read by operators, and encrypted."""

    account_id: str
    line_id: str
    consumer_id: str
    summary: str | None = None
    skill_id: str | None = None
    """Where it will most likely wait: known to operators before the conversation decides."""

    @property
    def workflow_id(self) -> str:
        return workflow_id(LineId(self.line_id), ConsumerId(self.consumer_id))

    @property
    def start(self) -> ConversationStart:
        return ConversationStart(
            account_id=self.account_id, line_id=self.line_id, consumer_id=self.consumer_id
        )

    @property
    def search_attributes(self) -> TypedSearchAttributes:
        return at_start(self.account_id, self.line_id, self.skill_id)


AWAY = (RPCError, RuntimeError, TimeoutError)
"""Temporal did not answer. A client that connects at its first call fails with `RuntimeError`
then, and only after half a minute: hence our own time limit round every call.
"""


UNANSWERED = (WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, *AWAY)
"""A command was refused, or nobody answered it in time."""


Texted = ReceivedText | ConsumerTexts


class WorkflowGone(Exception):
    """No workflow with this id is running: it closed, or an operator ended it."""


@dataclass(frozen=True)
class ConversationClient:
    """Conversation workflows, as the API, the intake and the router see them."""

    client: Client
    task_queue: str = CONVERSATIONS_QUEUE
    task_timeout: timedelta = TASK_TIMEOUT
    _seen_running: SeenRunning = field(default_factory=SeenRunning, init=False, repr=False)

    async def hand_over(self, thread: Thread, texts: Sequence[ReceivedText]) -> None:
        """Give a consumer's texts, in order, to the open conversation or a new one.

        Durable when it returns, also without a worker; safe to repeat. Raises `Unavailable`. A
        signal alone costs us half of one that may start a workflow, so it is tried first where one
        ran.
        """
        signal = texts[0] if len(texts) == 1 else ConsumerTexts(texts=tuple(texts))
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                if not await self._signalled_running(thread.workflow_id, signal):
                    await self._start_with(thread, signal)
        except AWAY as error:
            raise Unavailable from error
        self._seen_running.add(thread.workflow_id)

    async def _signalled_running(self, workflow: str, signal: Texted) -> bool:
        """Say whether texts were taken by a workflow that still runs."""
        if workflow not in self._seen_running:
            return False
        handle = self.client.get_workflow_handle(workflow)
        try:
            await handle.signal(signal.kind, signal, rpc_timeout=SIGNAL_TIMEOUT)
        except RPCError as error:
            if not _is_not_found(error):
                raise
            self._seen_running.forget(workflow)
            return False
        return True

    async def _start_with(self, thread: Thread, signal: Texted | LookAgain) -> None:
        """Signal the workflow that runs by now, or start one with the texts."""
        await self.client.start_workflow(
            WORKFLOW,
            thread.start,
            id=thread.workflow_id,
            task_queue=self.task_queue,
            start_signal=signal.kind,
            start_signal_args=[signal],
            task_timeout=self.task_timeout,
            static_summary=thread.summary,
            search_attributes=thread.search_attributes,
            rpc_timeout=SIGNAL_TIMEOUT,
        )

    async def open(self, thread: Thread, command: OpenByAgent) -> CommandDone:
        """Open a conversation from the agent's side. Raises as `command` does."""
        start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            WORKFLOW,
            thread.start,
            id=thread.workflow_id,
            task_queue=self.task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            task_timeout=self.task_timeout,
            static_summary=thread.summary,
            search_attributes=thread.search_attributes,
        )
        await self._reach()
        try:
            async with asyncio.timeout(COMMAND_TIMEOUT.total_seconds()):
                done: CommandDone = await self.client.execute_update_with_start_workflow(
                    command_name(command),
                    command,
                    start_workflow_operation=start,
                    id=command.key,
                    result_type=CommandDone,
                    rpc_timeout=COMMAND_TIMEOUT,
                )
        except UNANSWERED as error:
            if _is_not_found(error):  # the workflow ended under it: what it had decided may stand
                raise MayStillBeDone from error
            raise _in_our_words(error) from error
        return done

    async def command(
        self, thread: Thread, conversation_id: str, command: Command, *, row_sequence: int = 0
    ) -> CommandDone:
        """Give an agent's command and wait until it is journalled.

        `row_sequence`: the last step in the conversation's row, where it is open: a workflow that
        is gone is then started again, and one that knows less looks there first.

        Raises the rule that refuses it, `ConversationClosed` when no workflow runs, `Unavailable`
        when it was not given, `MayStillBeDone` when no answer comes in time. The same command with
        the same key may be given again.
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
                    command_name(command),
                    command,
                    id=command.key,
                    result_type=CommandDone,
                    rpc_timeout=COMMAND_TIMEOUT,
                )
        except UNANSWERED as error:
            raise _in_our_words(error) from error
        return CommandDone.model_validate(done)

    async def is_running(self, workflow_id: str) -> bool:
        """Say whether a workflow with this id runs. Raises `Unavailable`."""
        handle = self.client.get_workflow_handle(workflow_id)
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                found = await handle.describe(rpc_timeout=SIGNAL_TIMEOUT)
        except AWAY as error:
            if _is_not_found(error):
                return False
            raise Unavailable from error
        return found.status is WorkflowExecutionStatus.RUNNING

    async def _reach(self) -> None:
        """Raise `Unavailable` while Temporal is away.

        Asked first, because afterwards nobody knows: the client tries a call that failed again by
        itself, and its last error does not tell whether an earlier try arrived.
        """
        try:
            async with asyncio.timeout(REACH_TIMEOUT.total_seconds()):
                if await is_reachable(self.client):
                    return
        except TimeoutError as error:
            raise Unavailable from error
        raise Unavailable

    async def assigned(self, workflow: str, assignment: AgentAssigned) -> None:
        """Tell a conversation whom the router chose. Raises `WorkflowGone`, `Unavailable`."""
        await self._signal(workflow, assignment.kind, assignment)

    async def offered(self, workflow: str, offer: AgentOffered) -> None:
        """Let a conversation ring at an agent. Raises `WorkflowGone`, `Unavailable`."""
        await self._signal(workflow, offer.kind, offer)

    async def agent_left(self, workflow: str, departure: AgentLeft) -> None:
        """Tell a conversation that its agent is gone for good; safe to repeat.

        Raises `WorkflowGone`, `Unavailable`.
        """
        await self._signal(workflow, departure.kind, departure)

    async def opted_out(self, workflow: str, conversation_id: str | None = None) -> bool:
        """Tell a conversation of an opt-out learnt elsewhere; safe to repeat.

        False: no workflow of it runs. Raises `Unavailable`.
        """
        signal = OptOutReported(conversation_id=conversation_id)
        try:
            await self._signal(workflow, signal.kind, signal)
        except WorkflowGone:
            return False
        return True

    async def look_again(self, thread: Thread) -> None:
        """Have a thread's workflow, started if none runs, go on from what stands in the database.

        Safe to repeat. Raises `Unavailable`.
        """
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                await self._start_with(thread, LookAgain())
        except AWAY as error:
            raise Unavailable from error

    async def look_if_running(self, workflow_id: str) -> None:
        """Have a workflow look what stands, if it runs. Raises `Unavailable`."""
        signal = LookAgain()
        try:
            await self._signal(workflow_id, signal.kind, signal)
        except WorkflowGone:
            return

    async def end(self, workflow_id: str, conversation_id: str) -> None:
        """End a conversation, unrated, as an operator. Raises `WorkflowGone`, `Unavailable`."""
        signal = EndedByOperator(conversation_id=conversation_id)
        await self._signal(workflow_id, signal.kind, signal)

    async def terminate(self, workflow_id: str) -> None:
        """Stop a workflow that does not answer, if it runs: its conversation stays open.

        Raises `Unavailable`.
        """
        handle = self.client.get_workflow_handle(workflow_id)
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                await handle.terminate("ended by an operator", rpc_timeout=SIGNAL_TIMEOUT)
        except AWAY as error:
            if not _is_not_found(error):
                raise Unavailable from error

    async def running(self, *, before: datetime) -> list[str]:
        """Return ids of conversation workflows that run and began before then.

        Raises `Unavailable`.
        """
        return await self._listed(
            f'ExecutionStatus = "Running" AND StartTime < "{before.isoformat()}"'
        )

    async def stuck(self) -> list[str]:
        """Return ids of running workflows whose tasks fail or time out again and again.

        Raises `Unavailable`.
        """
        problems = ", ".join(f'"category={kind}"' for kind in STUCK_BY)
        # One that was terminated keeps its problems.
        return await self._listed(
            f'ExecutionStatus = "Running" AND TemporalReportedProblems IN ({problems})'
        )

    async def _listed(self, condition: str) -> list[str]:
        query = f'WorkflowType = "{WORKFLOW}" AND {condition}'
        try:
            async with asyncio.timeout(LIST_TIMEOUT.total_seconds()):
                found = self.client.list_workflows(query, rpc_timeout=LIST_TIMEOUT)
                return list({execution.id: None async for execution in found})
        except AWAY as error:
            raise Unavailable from error

    async def _signal(self, workflow: str, name: str, argument: Any) -> None:
        handle = self.client.get_workflow_handle(workflow)
        try:
            async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
                await handle.signal(name, argument, rpc_timeout=SIGNAL_TIMEOUT)
        except AWAY as error:
            if _is_not_found(error):
                raise WorkflowGone(workflow) from error
            raise Unavailable from error


ENDED_UNDER = "AcceptedUpdateCompletedWorkflow"
"""So it says that a workflow ended with a command in hand: given again, it is done once."""
UNPROCESSED = "UnprocessedUpdate"
"""So Temporal itself refuses a command that a worker passed over: its memory of the workflow was
ahead of Temporal's, which was restored to an earlier time. Nothing of it was done.
"""


def _in_our_words(error: Exception) -> DomainError:
    cause = error.__cause__
    if isinstance(error, WorkflowUpdateFailedError) and isinstance(cause, ApplicationError):
        if cause.type == UNPROCESSED:
            return Unavailable()
        if cause.type == ENDED_UNDER:
            return MayStillBeDone()
        return error_for(cause.type or "refused", cause.message)
    return ConversationClosed() if _is_not_found(error) else MayStillBeDone()


def _is_not_found(error: Exception) -> bool:
    return isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND
