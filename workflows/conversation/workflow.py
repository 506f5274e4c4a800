"""The conversation workflow: waits, lets the core decide, journals, sends, in this order.

Handlers only put into the mailbox. One loop works it off, one task sends, one keeps the time.
A run ends only with an empty mailbox, in the activation that saw it empty (ADR 0002).
"""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.conversation.conversation import Conversation
    from domain.conversation.inputs import ReceivedText
    from domain.conversation.kinds import Status
    from domain.errors import ConversationClosed, DomainError
    from workflows.conversation import activities, describing
    from workflows.conversation.commands import COMMANDS
    from workflows.conversation.journalling import AlreadyDecided, ConsumerGone
    from workflows.conversation.mailbox import PendingCommand
    from workflows.conversation.messages import (
        WORKFLOW,
        AgentAssigned,
        AgentLeft,
        AgentOffered,
        Command,
        CommandDone,
        ConsumerTexts,
        ConversationCommand,
        ConversationEnded,
        ConversationSnapshot,
        ConversationStart,
        EndedByOperator,
        LookAgain,
        OptOutReported,
    )
    from workflows.conversation.steps import Steps
    from workflows.conversation.under_way import UnderWay
    from workflows.conversation.updates import Updates

ROLL_OVER_EVENTS = 500
"""History events after which a run continues as new: a replay costs about 0.8 ms an event."""
ROLL_OVER_EVENTS_WHILE_SENDING = 2000
"""The same while a text is on its way: a send is not interrupted for tidiness."""

TASK_ENDS = timedelta(milliseconds=1)
"""Waited for so that the workflow task ends, and is taken or refused, before more is decided."""

SENT_AT_ONCE = 3
"""Texts one activity sends, such as the closing text and the question: an action less for each."""


@workflow.defn(name=WORKFLOW)
class ConversationWorkflow(Updates):
    """All texts between one line and one consumer, from the first to the end of the survey."""

    @workflow.init
    def __init__(self, start: ConversationStart) -> None:
        snapshot = start.snapshot or ConversationSnapshot()
        self._start = start
        self._runs = snapshot.runs
        self._under_way = UnderWay(start, snapshot)
        self._mailbox, self._outbox = self._under_way.mailbox, self._under_way.outbox
        self._steps = Steps(start, self._under_way)
        self._is_time = False

    @workflow.run
    async def run(self, start: ConversationStart) -> ConversationEnded:  # noqa: ARG002 - as init
        living = asyncio.create_task(self._live())
        while not living.done():
            try:
                # All that happens to the conversation; a cancellation lands here only.
                await asyncio.shield(living)
            except asyncio.CancelledError:
                # An operator's cancellation ends the conversation, and loses nothing of it.
                self._mailbox.put(EndedByOperator())
        return living.result()

    async def _live(self) -> ConversationEnded:
        helpers = [asyncio.create_task(self._keep_time()), asyncio.create_task(self._send())]
        while True:
            # Signals, updates, the sender and the timer wake it; all of them may have come at once.
            await workflow.wait_condition(self._has_work)
            if self._is_over():
                break
            if self._mailbox or self._is_time or self._steps.carries:
                await self._work_off()
            elif self._roll_over_is_due():
                self._roll_over()
        for helper in helpers:
            helper.cancel()
        return describing.ended(self._core)

    # Handlers

    @workflow.signal(description="A text of the consumer, already stored; each is taken once.")
    def consumer_texted(self, text: ReceivedText) -> None:
        self._mailbox.put(text)

    @workflow.signal(description="Several texts of the consumer, in order.")
    def consumer_texts(self, several: ConsumerTexts) -> None:
        for text in several.texts:
            self._mailbox.put(text)

    @workflow.signal(description="The router gives this wait to an agent; ignored for another.")
    def agent_assigned(self, assignment: AgentAssigned) -> None:
        self._mailbox.put(assignment)

    @workflow.signal(description="The consumer opted out, as was learnt elsewhere.")
    def consumer_opted_out(self, signal: OptOutReported) -> None:
        self._mailbox.put(signal)

    @workflow.signal(description="End the conversation without asking for a rating.")
    def ended_by_operator(self, signal: EndedByOperator) -> None:
        self._mailbox.put(signal)

    @workflow.signal(description="The router lets a waiting conversation ring at an agent.")
    def agent_offered(self, offer: AgentOffered) -> None:
        self._mailbox.put(offer)

    @workflow.signal(description="An agent who left does not come back in time: it waits again.")
    def agent_left(self, departure: AgentLeft) -> None:
        self._mailbox.put(departure)

    @workflow.signal(description="Read what stands in the database, and go on from there.")
    def look_again(self, signal: LookAgain) -> None:
        self._mailbox.put(signal)

    @workflow.query(description="Everything this workflow knows, for operators.")
    def state(self) -> ConversationSnapshot:
        """Return everything this workflow knows, for operators. Reading changes nothing."""
        return self._snapshot()

    # The loop's parts

    @property
    def _core(self) -> Conversation | None:
        return self._under_way.core

    def _has_work(self) -> bool:
        is_called = bool(self._mailbox) or self._is_time or self._steps.carries
        return is_called or self._is_over() or self._roll_over_is_due()

    def _is_over(self) -> bool:
        """Say whether nothing is left: no await may stand between this and the return."""
        core = self._core
        is_closed = core is None or core.state.status is Status.closed
        ended = is_closed and not (core and (core.awaits_late_answer or core.carries))
        at_rest = not self._mailbox and not self._outbox and not self._is_time
        return ended and at_rest and workflow.all_handlers_finished()

    async def _work_off(self) -> None:
        """Decide about everything that waits, journal it as one step, then answer and send."""
        under_way, had_choice = self._under_way, self._under_way.awaits_choice
        try:
            # Wherever this awaits, entries may be added to the mailbox and the time may come; who
            # decides is only this loop, so that the core is as it was left.
            await self._steps.carry_on()
            while self._mailbox:
                entry = self._mailbox.take()
                if isinstance(entry, PendingCommand):
                    await self._decide(entry)
                else:
                    await self._steps.take(entry)
                await self._steps.carry_on()
            if self._is_time:  # after the mailbox: a text that came in time is not closed upon
                await self._steps.time_passed()
                self._is_time = False
                await self._steps.carry_on()
            await under_way.commit()
        except AlreadyDecided as decided:
            under_way.adopt(decided.recorded)
            # Temporal refuses the task of a worker it has taken for dead: that one decides no more.
            await workflow.sleep(TASK_ENDS, summary="go on from the step that stands")
        except ConsumerGone:
            under_way.give_up()
            self._is_time = False
        finally:
            # Taken by now, or the next to be taken.
            is_next = not had_choice and bool(self._mailbox)
            under_way.awaits_choice = under_way.awaits_choice and is_next

    async def _decide(self, pending: PendingCommand) -> None:
        if self._is_behind(pending.command) and not pending.has_looked:
            pending.has_looked = True
            # What was decided so far stands first; this command is still in hand.
            await self._under_way.commit_before()
            await self._under_way.look()
        try:
            # Settings may be read in between; the core changes only after that.
            pending.answer = await self._steps.carry_out(pending.command)
        except DomainError as refusal:
            if self._is_ahead(pending.command):  # is the database, too? It tells what it knows
                await self._under_way.commit_before()
                await self._under_way.look()
            pending.refusal = refusal

    # Commands

    def _refuse_early(self, command: ConversationCommand) -> None:
        """Refuse what the rules refuse before anything is written to history."""
        is_apart = self._is_behind(command) or self._is_ahead(command)
        if self._mailbox.answer_to(command.key) or is_apart:
            return
        try:
            COMMANDS[type(command)].check(self._held(command), command, workflow.now())
        except DomainError as error:
            raise _refusal(error) from error

    def _is_behind(self, command: Command) -> bool:
        """Say whether its giver saw more of the conversation than this workflow knows.

        That is so after a reset, and when Temporal was restored to an earlier time.
        """
        core = self._core
        if core is None or core.state.id != command.conversation_id:
            return command.row_sequence > 0
        return command.row_sequence > core.state.sequence

    def _is_ahead(self, command: Command) -> bool:
        """Say whether its giver saw less of the conversation than this workflow knows.

        They may just have overlapped; or PostgreSQL was restored to an earlier time.
        """
        core = self._core
        if core is None or core.state.id != command.conversation_id:
            return False
        return 0 < command.row_sequence < core.state.sequence

    def _held(self, command: Command) -> Conversation:
        if self._core is None or self._core.state.id != command.conversation_id:
            raise ConversationClosed
        return self._core

    async def _carry_out(self, command: Command) -> CommandDone:
        known = self._mailbox.answer_to(command.key)
        if known:
            return known
        pending = self._mailbox.put_command(command)
        # The run goes on, and does not end or roll over before this is answered.
        await workflow.wait_condition(lambda: pending.is_settled)
        if pending.answer is None:
            raise _refusal(pending.refusal or ConversationClosed())
        return pending.answer

    # Sending, time, and the next run

    async def _send(self) -> None:
        """Send what is in the outbox, strictly in order: a text leaves when the one before has.

        What the agent's coming says leaves with what was said before it, as one activity.
        """
        while True:
            # What joins the outbox while an agent is being chosen leaves with what that one says.
            await workflow.wait_condition(self._may_send)
            texts = list(self._outbox)[:SENT_AT_ONCE]
            try:
                # The loop goes on: texts join the outbox behind these, or it is emptied.
                sent = await activities.send(texts)
                if sent.is_opt_out:
                    now_open = self._core.state.id if self._core else None
                    self._mailbox.put(OptOutReported(conversation_id=now_open))
            except ActivityError:
                # The activity itself tells agents of every failure of the provider; what ends
                # here is a message that cannot be sent at all, and others must not wait for it.
                workflow.logger.exception("send_gave_up")
            for text in texts:
                if text in self._outbox:  # it is emptied when the conversation is given up
                    self._outbox.remove(text)

    def _may_send(self) -> bool:
        return bool(self._outbox) and not self._under_way.awaits_choice

    async def _keep_time(self) -> None:
        """Wake the loop at the next deadline, with one timer that later deadlines leave alone."""
        while True:
            # A step that ends here may have moved it, or opened another conversation.
            await workflow.wait_condition(lambda: self._deadline() is not None)
            armed = self._deadline()
            if armed is None:
                continue
            if armed <= workflow.now():
                self._is_time = True
                # The loop does what is due, after all that is in the mailbox by then.
                await workflow.wait_condition(lambda: not self._is_time)
                continue
            await self._sleep_until(armed)

    async def _sleep_until(self, armed: datetime) -> None:
        def is_earlier() -> bool:
            deadline = self._deadline()
            return deadline is not None and deadline < armed

        try:
            # Deadlines may move: an earlier one ends the wait, a later one is found when it ends.
            await workflow.wait_condition(
                is_earlier,
                timeout=armed - workflow.now(),
                timeout_summary=describing.waiting(self._core),
            )
        except TimeoutError:
            return

    def _deadline(self) -> datetime | None:
        return self._core.next_deadline if self._core else None

    def _roll_over_is_due(self) -> bool:
        if not workflow.all_handlers_finished():
            return False
        info = workflow.info()
        events = info.get_current_history_length()
        is_long = events >= ROLL_OVER_EVENTS or info.is_continue_as_new_suggested()
        is_due = is_long or info.is_target_worker_deployment_version_changed()
        return is_due and (not self._outbox or events >= ROLL_OVER_EVENTS_WHILE_SENDING)

    def _roll_over(self) -> None:
        """Go on in a fresh run, on the newest code, with everything carried along."""
        start = self._start.model_copy(update={"snapshot": self._snapshot(runs=self._runs + 1)})
        workflow.continue_as_new(
            start,
            initial_versioning_behavior=workflow.ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
        )

    def _snapshot(self, runs: int | None = None) -> ConversationSnapshot:
        return ConversationSnapshot(
            conversation=self._core.state if self._core else None,
            policy=self._core.policy if self._core else None,
            mailbox=self._mailbox.waiting,
            outbox=list(self._outbox),
            seen=self._mailbox.seen,
            answered=self._mailbox.answered,
            runs=self._runs if runs is None else runs,
        )


def _refusal(error: DomainError) -> ApplicationError:
    return ApplicationError(error.detail, type=error.code, non_retryable=True)
