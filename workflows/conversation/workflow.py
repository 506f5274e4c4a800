"""The conversation workflow: it waits, has the core decide, journals, and sends, in this order.

Handlers only fill the mailbox. One loop works it off, one task sends, one asks bots, and one keeps
time. A run ends only with an empty mailbox, in the activation that saw it empty (ADR 0002).

What one step sets off follows in a fixed order: the timer, the send, the bot, the answers. Without
it, the order would be that in which the tasks began to wait, and a worker that replays may have let
them begin in another order (ADR 0002).
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
    from workflows.conversation.asking import BotAsking
    from workflows.conversation.commands import Command, ConversationCommand
    from workflows.conversation.journalling import AlreadyDecided, ConsumerGone
    from workflows.conversation.mailbox import PendingCommand
    from workflows.conversation.messages import (
        KNOWN,
        TOLD,
        WORKFLOW,
        AgentAssigned,
        AgentLeft,
        AgentOffered,
        CommandDone,
        ConsumerTexts,
        ConversationEnded,
        ConversationSnapshot,
        ConversationStart,
        EndedByOperator,
        KnownStep,
        LookAgain,
        OptOutReported,
    )
    from workflows.conversation.steps import Steps
    from workflows.conversation.under_way import CurrentConversation
    from workflows.conversation.updates import Updates

ROLL_OVER_EVENTS = 500
"""History events after which a run continues as new. Measured: a replay takes about 0.8 ms an
event, so 0.4 s at most.
"""
ROLL_OVER_EVENTS_WHILE_SENDING = 2000
"""The same while a text is being sent. Ours: no send is interrupted for a replay of under 1.6 s."""

TASK_ENDS = timedelta(milliseconds=1)
"""The shortest timer. It ends the workflow task, which Temporal accepts or refuses before more is
decided.
"""

SENT_AT_ONCE = 3
"""Texts that one activity sends. Ours: as many as one step usually writes, such as a closing text
and a survey question; each further text saves a billable action.
"""


@workflow.defn(name=WORKFLOW)
class ConversationWorkflow(Updates):
    """All texts between one line and one consumer, from the first to the end of the survey."""

    @workflow.init
    def __init__(self, start: ConversationStart) -> None:
        snapshot = start.snapshot or ConversationSnapshot()
        self._start = start
        self._runs = snapshot.runs
        self._current = CurrentConversation(start, snapshot)
        self._mailbox, self._outbox = self._current.mailbox, self._current.outbox
        self._steps = Steps(start, self._current)
        self._is_time = False
        self._is_ordered = workflow.patched("order_of_a_step")
        """False in runs that began under 0.1, which replay only in the order they had."""
        self._armed: datetime | None = None
        """The deadline that the timer runs for."""
        self._sender_waits = False
        self._bots = BotAsking(self._current, self._timer_or_send_is_due)

    @workflow.run
    async def run(self, start: ConversationStart) -> ConversationEnded:  # noqa: ARG002 - as init
        living = asyncio.create_task(self._live())
        while not living.done():
            try:
                # Everything happens meanwhile, in `_live`. A cancellation arrives only here.
                await asyncio.shield(living)
            except asyncio.CancelledError:
                # A cancellation by an operator ends the conversation without losing any of it.
                self._mailbox.put(EndedByOperator())
        return living.result()

    async def _live(self) -> ConversationEnded:
        beside = (self._keep_time(), self._send(), self._bots.run())
        helpers = [asyncio.create_task(helper) for helper in beside]
        while True:
            # Signals, updates, the sender and the timer wake the loop; all may have come at once.
            await workflow.wait_condition(self._has_work)
            if self._is_over():
                break
            if self._mailbox or self._is_time or self._steps.carries:
                # Entries that come meanwhile are taken in the same pass, or wake the loop again.
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

    @workflow.signal(
        description="The router assigns the wait with this ticket; ignored for another ticket."
    )
    def agent_assigned(self, assignment: AgentAssigned) -> None:
        self._mailbox.put(assignment)

    @workflow.signal(description="The consumer opted out; this was learnt elsewhere.")
    def consumer_opted_out(self, signal: OptOutReported) -> None:
        self._mailbox.put(signal)

    @workflow.signal(description="End the conversation without a survey.")
    def ended_by_operator(self, signal: EndedByOperator) -> None:
        self._mailbox.put(signal)

    @workflow.signal(description="The router offers the wait with this ticket to an agent.")
    def agent_offered(self, offer: AgentOffered) -> None:
        self._mailbox.put(offer)

    @workflow.signal(description="An agent went offline and their grace is over: it is released.")
    def agent_left(self, departure: AgentLeft) -> None:
        self._mailbox.put(departure)

    @workflow.signal(description="Read what the database has recorded, and continue from there.")
    def look_again(self, signal: LookAgain) -> None:
        self._mailbox.put(signal)

    @workflow.query(description="Everything this workflow knows, for operators.")
    def state(self) -> ConversationSnapshot:
        """Return everything this workflow knows, for operators. A query changes nothing."""
        return self._snapshot()

    @workflow.update(name=KNOWN, description="Tell the newest step by a refusal, for `reconcile`.")
    async def known_step(self) -> None:
        """Never carried out: an update that is refused leaves nothing in the history."""

    @known_step.validator
    def _tell_known_step(self) -> None:
        # Not a query: with one, the SDK may take signals that no workflow task has begun with.
        state = self._core.state if self._core else None
        told = [KnownStep(conversation_id=state.id, sequence=state.sequence)] if state else []
        raise ApplicationError("This only asks for the newest step.", *told, type=TOLD)

    # The loop's parts

    @property
    def _core(self) -> Conversation | None:
        return self._current.core

    def _has_work(self) -> bool:
        is_called = bool(self._mailbox) or self._is_time or self._steps.carries
        return is_called or self._is_over() or self._roll_over_is_due()

    def _is_over(self) -> bool:
        """Say whether nothing is left to do. No await may stand between this and the return."""
        core = self._core
        is_closed = core is None or core.state.status is Status.closed
        ended = is_closed and not (core and (core.awaits_late_answer or core.carries))
        at_rest = not self._mailbox and not self._outbox and not self._is_time
        return ended and at_rest and workflow.all_handlers_finished()

    async def _work_off(self) -> None:
        """Decide on everything in the mailbox, journal it as one step, then answer and send."""
        current, had_choice = self._current, self._current.awaits_choice
        try:
            # At every await below, entries may join the mailbox and a deadline may come. Only this
            # loop decides, so the core is as it was before the await.
            await self._steps.carry_on()
            while self._mailbox:
                entry = self._mailbox.take()
                if isinstance(entry, PendingCommand):
                    await self._decide(entry)
                else:
                    await self._steps.take(entry)
                await self._steps.carry_on()
            if (
                self._is_time
            ):  # after the mailbox, so that no close overtakes a text that came in time
                await self._steps.time_passed()
                self._is_time = False
                await self._steps.carry_on()
            await current.commit()
        except AlreadyDecided as decided:
            current.adopt(decided.recorded)
            # Temporal refuses the task of a worker it believes dead, which then stops deciding.
            # Entries that come meanwhile wait.
            await workflow.sleep(TASK_ENDS, summary="go on from the step that stands")
        except ConsumerGone:
            current.give_up()
            self._is_time = False
        finally:
            # The choice was taken by now, or it is taken next.
            is_next = not had_choice and bool(self._mailbox)
            current.awaits_choice = current.awaits_choice and is_next

    async def _decide(self, pending: PendingCommand) -> None:
        if self._is_behind(pending.command) and not pending.has_looked:
            pending.has_looked = True
            # Earlier decisions are journalled first. Entries wait; this command stays at hand.
            await self._current.commit_before()
            await self._current.look()
        try:
            # Entries may come while settings are read. They wait, and the core changes afterwards.
            pending.answer = await self._steps.carry_out(pending.command)
        except DomainError as refusal:
            if self._is_ahead(pending.command):  # the database may be behind, or may know more
                # Entries wait; what the database has recorded may end this step.
                await self._current.commit_before()
                await self._current.look()
            pending.refusal = refusal

    # Commands

    def _refuse_early(self, command: ConversationCommand) -> None:
        """Refuse a command that the rules refuse, before anything is written to history."""
        is_apart = self._is_behind(command) or self._is_ahead(command)
        if self._mailbox.answer_to(command.key) or is_apart:
            return
        try:
            command.check(self._held(command), workflow.now())
        except DomainError as error:
            raise _refusal(error) from error

    def _is_behind(self, command: Command) -> bool:
        """Say whether the sender saw later steps than this workflow knows.

        This happens after a reset, and when Temporal was restored to an earlier time.
        """
        core = self._core
        if core is None or core.state.id != command.conversation_id:
            return command.row_sequence > 0
        return command.row_sequence > core.state.sequence

    def _is_ahead(self, command: Command) -> bool:
        """Say whether the sender saw only earlier steps than this workflow knows.

        A step may just have come in between, or PostgreSQL was restored to an earlier time.
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
        # The loop carries it out meanwhile. The run does not end or roll over before the answer,
        # which follows the send of the same step.
        await workflow.wait_condition(lambda: pending.is_settled and not self._others_are_due())
        if pending.answer is None:
            raise _refusal(pending.refusal or ConversationClosed())
        return pending.answer

    # Sending, time, and the next run

    async def _send(self) -> None:
        """Send the outbox strictly in order: a text is sent after the one before it.

        The announcement of an agent is sent together with the texts before it, by one activity.
        """
        while True:
            # Texts join the outbox meanwhile; while an agent is being chosen, they wait for the
            # announcement. An earlier deadline ends its timer first.
            self._sender_waits = True
            await workflow.wait_condition(self._may_send)
            self._sender_waits = False
            texts = list(self._outbox)[:SENT_AT_ONCE]
            try:
                # The loop continues meanwhile: texts may join the outbox, or it may be emptied.
                sent = await activities.send(texts)
                if sent.is_opt_out:
                    now_open = self._core.state.id if self._core else None
                    self._mailbox.put(OptOutReported(conversation_id=now_open))
            except ActivityError:
                # The activity itself reports every failure of the provider to agents. Only a
                # message that can never be sent ends here, and others must not wait for it.
                workflow.logger.exception("send_gave_up")
            for text in texts:
                if text in self._outbox:  # it is emptied when the conversation is given up
                    self._outbox.remove(text)

    def _may_send(self) -> bool:
        is_ready = bool(self._outbox) and not self._current.awaits_choice
        return is_ready and not (self._is_ordered and self._timer_is_late())

    def _others_are_due(self) -> bool:
        """Say whether the timer, a send or a bot comes before the answers to commands."""
        if not self._is_ordered:
            return False
        return self._timer_or_send_is_due() or self._bots.is_due

    def _timer_or_send_is_due(self) -> bool:
        return self._timer_is_late() or (self._sender_waits and self._may_send())

    def _timer_is_late(self) -> bool:
        deadline, armed = self._deadline(), self._armed
        return deadline is not None and armed is not None and deadline < armed

    async def _keep_time(self) -> None:
        """Wake the loop at the next deadline, using one timer that no later deadline restarts."""
        while True:
            # A step meanwhile may move the deadline, or open another conversation.
            await workflow.wait_condition(lambda: self._deadline() is not None)
            armed = self._deadline()
            if armed is None:
                continue
            if armed <= workflow.now():
                self._is_time = True
                # The loop acts on the deadline, after everything that is in the mailbox by then.
                await workflow.wait_condition(lambda: not self._is_time)
                continue
            # Steps may move the deadline meanwhile: an earlier one ends this wait.
            await self._sleep_until(armed)

    async def _sleep_until(self, armed: datetime) -> None:
        self._armed = armed
        try:
            # Steps may move the deadline: an earlier one ends the wait, a later one is found after.
            await workflow.wait_condition(
                self._timer_is_late,
                timeout=armed - workflow.now(),
                timeout_summary=describing.waiting(self._core),
            )
        except TimeoutError:
            return
        finally:
            self._armed = None

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
        """Continue as new on the newest code, with the snapshot of this run."""
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
