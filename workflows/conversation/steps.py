"""Applies entries of the mailbox to the conversation core: texts, signals, commands, openings."""

from datetime import datetime
from typing import assert_never

from temporalio import workflow
from temporalio.exceptions import FailureError

from activities.contract import AnswerRequest, OpeningRequest, Terms
from domain.conversation.conversation import Conversation
from domain.conversation.inputs import Identity, ReceivedText, begin
from domain.conversation.kinds import Status
from domain.conversation.state import CarriedText
from domain.conversation.survey_inputs import UNREAD, AnswerReading
from domain.errors import (
    ConsumerBlocked,
    ConversationAlreadyOpen,
    ConversationClosed,
    TransferRefused,
)
from domain.errors import ConsumerOptedOut as OptedOutError
from domain.hours.open_hours import OpenHours
from domain.ids import ConsumerId, LineId, opened_conversation_id
from domain.origins.origin import PLAIN_TEXT, Origin
from domain.policy.policy import Policy
from domain.text.limits import check_outgoing
from workflows.conversation import activities
from workflows.conversation.commands import Command, OpenByAgent
from workflows.conversation.journalling import AlreadyDecided, ConsumerGone
from workflows.conversation.messages import (
    AgentAssigned,
    AgentLeft,
    AgentOffered,
    CommandDone,
    ConversationStart,
    EndedByOperator,
    LookAgain,
    OptOutReported,
    Signal,
)
from workflows.conversation.under_way import CurrentConversation

CoreSignal = AgentAssigned | AgentOffered | AgentLeft | OptOutReported | EndedByOperator
"""Signals that go to the core of the current conversation."""

NO_SUCH_SKILL = "There is no such skill."


class Steps:
    """Takes signals and commands, and opens conversations for them."""

    def __init__(self, start: ConversationStart, current: CurrentConversation) -> None:
        self._start = start
        self._current = current

    @property
    def _core(self) -> Conversation | None:
        return self._current.core

    async def time_passed(self) -> None:
        """Have the core act on due deadlines, after reading fresh working hours if needed."""
        core = self._core
        if core is None:
            return
        kind, at = min(core.deadlines.items(), key=lambda due: due[1], default=(None, None))
        core.caused_by(f"{kind}/{at}")
        if core.settings.needs_hours(workflow.now()):
            # Signals and commands that come meanwhile wait. The deadline stays due.
            core.settings.hours_refreshed(await self._hours(core), workflow.now())
        now = workflow.now()
        # As above. The core is not changed meanwhile, and acts on the time that was asked for. A
        # held text gives way to the next one, which may be due as well.
        while core.scheduled_texts.must_ask(now):
            hold = await activities.quiet_hours(self._start, now)
            if hold is None:
                break
            core.scheduled_texts.hold_next(hold, now)
        core.time_passed(now)

    async def _hours(self, core: Conversation) -> OpenHours:
        try:
            # As said where this is awaited: the core is not changed meanwhile.
            policy = await self._load_policy(core, core.policy.skill_id)
        except FailureError:  # the skill was removed
            return OpenHours()
        return policy.hours

    async def _load_policy(
        self, core: Conversation, skill_id: str, language: str | None = None
    ) -> Policy:
        return await activities.load_policy(self._start, skill_id, language or core.state.language)

    async def take(self, signal: Signal) -> None:
        """Apply a signal to the core, journalling earlier decisions of this step if needed.

        Raises `AlreadyDecided` and `ConsumerGone`, as does everything here that asks the database.
        """
        match signal:
            case ReceivedText():
                # Other entries may join the mailbox; they are taken after this text.
                await self._text(signal)
            case LookAgain():
                # Entries may come meanwhile and wait. Another decision in the database ends this
                # step by `AlreadyDecided`.
                await self._current.commit_before()
                await self._current.look(for_unsent=True)
            case AgentAssigned() | AgentOffered() | AgentLeft():
                if not self._tell_core(signal):
                    # The sender repeats it while the row needs it, so workflow or database is
                    # behind. Entries that come meanwhile wait.
                    await self._current.commit_before()
                    await self._current.look()
            case OptOutReported() | EndedByOperator():
                self._tell_core(signal)
            case _:
                assert_never(signal)

    def _tell_core(self, signal: CoreSignal) -> bool:
        """Pass a signal to the core if it is for it. Returns whether it had any effect."""
        core = self._core
        is_meant = core and signal.conversation_id in (None, core.state.id)
        return bool(core and is_meant and _apply(core, signal, workflow.now()))

    async def carry_out(self, command: Command) -> CommandDone:
        """Carry out a command. Raises the error that refuses it."""
        if isinstance(command, OpenByAgent):
            # Texts of the consumer may come meanwhile; they follow the opening.
            return await self._open_by_agent(command)
        core = self._core
        if core is None or core.state.id != command.conversation_id:
            raise ConversationClosed
        policy = core.policy
        if wanted := command.needed_settings(core):
            command.check(core, workflow.now())
            # Texts may come meanwhile, and wait. Time passes, so `apply` checks again.
            policy = await self._policy_of(core, wanted.skill_id, wanted.language)
        core.caused_by(command.key)
        message_id = command.apply(core, workflow.now(), policy)
        return CommandDone(conversation_id=core.state.id, message_id=message_id)

    async def _policy_of(
        self, core: Conversation, skill_id: str, language: str | None = None
    ) -> Policy:
        try:
            return await self._load_policy(core, skill_id, language)
        except FailureError as error:  # a local activity's own error comes unwrapped
            raise TransferRefused(NO_SUCH_SKILL) from error

    async def _text(self, text: ReceivedText) -> None:
        may_follow_the_end = self._core is None and text.courtesy is not None
        if text.again or may_follow_the_end:  # the database may have it, or a closed conversation
            # Entries that come meanwhile wait behind this text.
            await self._current.commit_before()
            await self._current.look()
        # The survey's time may run out while the text is read, but no other step can end it.
        reading = await self._read(text)
        if self._take_text(text, reading):
            return
        if self._core:
            self._core.survey_interrupted(workflow.now())
        # Further texts may come meanwhile. They wait in the mailbox and follow this one.
        await self._current.commit_before()
        if self.carries:
            # As above: further texts follow this one.
            await self._open_carried()
            if self._take_text(text):
                return
            # The consumer had opted out, so it closed as soon as it opened. Texts still wait.
            await self._current.commit_before()
        # Settings and consent may change meanwhile: the conversation keeps these settings, and
        # consent is checked again before each text is sent.
        terms = await self._terms(
            message_id=text.message_id,
            first_text=text.text,
            answered_at=None if text.keyword or text.is_filed else text.texted_at,
        )
        self._current.core = core = self._begin(terms, "consumer", text.message_id, terms.origin)
        core.opened_by_consumer(text, terms.consumer, workflow.now(), terms.invitation)

    async def _read(self, text: ReceivedText) -> AnswerReading:
        """Have a text read that may answer the survey; word lists must not enter a workflow."""
        question = self._core.question_for(text) if self._core else None
        if question is None:
            return UNREAD
        # Further entries may come meanwhile, and wait behind this text.
        return await activities.read_answer(
            AnswerRequest(
                text=text.text,
                received_at=text.texted_at,
                scale=question.scale,
                first_question=question.first,
                last_question=question.last,
            )
        )

    def _take_text(self, text: ReceivedText, reading: AnswerReading = UNREAD) -> bool:
        """Give a text to the current conversation. Returns False if it is for the next one."""
        core = self._core
        if core is None or not core.takes(text, reading):
            return False
        core.caused_by(text.message_id)
        core.consumer_texted(text, workflow.now(), reading)
        return True

    @property
    def carries(self) -> bool:
        """Say whether unused texts of a survey are waiting to open the next conversation."""
        return self._core is not None and self._core.carries

    async def carry_on(self) -> None:
        """Open the next conversation with the unused texts of an ended survey, if there are any.

        The step that ends the survey is journalled first. Raises as `take` does.
        """
        if self.carries:
            # Texts that come meanwhile wait, and follow the carried ones.
            await self._current.commit()
            await self._open_carried()

    async def _open_carried(self) -> None:
        before = self._core
        if before is None or not before.carries:
            return
        texts: list[CarriedText] = before.state.carried
        first = texts[0]
        # As at any opening, settings and consent may change meanwhile; further texts wait.
        terms = await self._terms(
            message_id=first.message_id, first_text=first.text, carried_from=before.state.id
        )
        self._current.core = core = self._begin(terms, "consumer", first.message_id)
        core.opened_by_carried(texts, before.state.id, terms.consumer, workflow.now())

    async def _open_by_agent(self, command: OpenByAgent) -> CommandDone:
        check_outgoing(command.text)
        # A text that came before this command is part of that commit. Later entries wait.
        await self._current.commit_before()
        if self._core and self._core.state.status is not Status.closed:
            # The agent saw no open conversation: the database may have closed it meanwhile.
            await self._current.look()
            raise ConversationAlreadyOpen
        try:
            # Texts that come meanwhile wait, and find the conversation open.
            terms = await self._terms(command_key=command.key, skill_id=command.skill_id)
        except FailureError as error:  # a local activity's own error comes unwrapped
            raise TransferRefused(NO_SUCH_SKILL) from error
        if terms.consumer.is_blocked:
            raise ConsumerBlocked
        if terms.consumer.is_opted_out:
            raise OptedOutError
        # Texts that come meanwhile still wait, as for the terms.
        hold = await activities.quiet_hours(self._start, workflow.now())
        who, now = command.person, workflow.now()
        if self._core:
            self._core.survey_interrupted(now)
        self._current.core = core = self._begin(terms, who.agent_id, command.key, command.origin)
        message_id = core.opened_by_agent(who, command.text, command.key, now, hold=hold)
        return CommandDone(conversation_id=core.state.id, message_id=message_id)

    async def _terms(
        self,
        *,
        message_id: str | None = None,
        first_text: str | None = None,
        carried_from: str | None = None,
        command_key: str | None = None,
        skill_id: str | None = None,
        answered_at: datetime | None = None,
    ) -> Terms:
        """Read settings and facts for a new conversation, once the previous one is recorded."""
        while True:
            # Another worker may open from the same text meanwhile. The journal refuses one of them.
            opening = await activities.load_opening(
                OpeningRequest(
                    account_id=self._start.account_id,
                    held=self._current.journal.held(self._core),
                    skill_id=skill_id,
                    message_id=message_id,
                    command_key=command_key,
                    first_text=first_text,
                    carried_from=carried_from,
                    answered_at=answered_at,
                )
            )
            if not opening.is_consumer_known:
                raise ConsumerGone
            if opening.recorded:
                raise AlreadyDecided(opening.recorded)
            if opening.terms:
                return opening.terms
            if self._core:  # the database was restored to an earlier time
                # Entries wait meanwhile; another worker's mend is adopted.
                await self._current.journal.mend(self._core, opening.stands_at or 0)

    def _begin(
        self, terms: Terms, opened_by: str, opener: str, origin: Origin = PLAIN_TEXT
    ) -> Conversation:
        start = self._start
        line, consumer = LineId(start.line_id), ConsumerId(start.consumer_id)
        identity = Identity(
            conversation_id=opened_conversation_id(line, consumer, opener, terms.number),
            account_id=start.account_id,
            line_id=start.line_id,
            consumer_id=start.consumer_id,
            number=terms.number,
        )
        now = workflow.now()
        state = begin(identity, terms.policy, terms.consumer, opened_by, now, origin)
        core = Conversation(state, terms.policy)
        core.caused_by(opener)
        return core


def _apply(core: Conversation, signal: CoreSignal, now: datetime) -> bool:
    """Apply a signal to the core. Returns whether it had any effect."""
    match signal:
        case AgentAssigned():
            core.caused_by(f"assigned/{signal.ticket}/{signal.agent_id}")
            return core.queue.agent_assigned(signal.ticket, signal.agent_id, signal.agent_name, now)
        case AgentOffered():
            core.caused_by(f"offered/{signal.ticket}/{signal.agent_id}")
            return core.queue.agent_offered(signal.ticket, signal.agent_id, now)
        case AgentLeft():
            core.caused_by(f"left/{core.state.ticket}/{signal.agent_id}")
            return core.queue.agent_left(signal.agent_id, now)
        case OptOutReported():
            core.caused_by("opted_out")
            core.consumer_opted_out(now, is_block=signal.is_block)
        case EndedByOperator():
            core.caused_by("ended")
            core.ended_by_operator(now)
        case _:
            assert_never(signal)
    return True
