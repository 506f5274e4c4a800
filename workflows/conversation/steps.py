"""From what the mailbox holds to the core's methods: openings, texts, assignments, commands."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import assert_never

from temporalio import workflow
from temporalio.exceptions import FailureError

from activities.contract import AnswerRequest, OpeningRequest, Terms
from domain.conversation.conversation import Conversation
from domain.conversation.inputs import Identity, IncomingText, begin
from domain.conversation.kinds import Status
from domain.conversation.settings_refresh import Spoken
from domain.conversation.state import CarriedText
from domain.conversation.survey_inputs import UNREAD, Heard
from domain.errors import ConsumerOptedOut as OptedOutError
from domain.errors import ConversationAlreadyOpen, ConversationClosed, TransferRefused
from domain.hours.open_hours import OpenHours
from domain.ids import ConsumerId, LineId, opened_as
from domain.language_settings import LanguageSource
from domain.settings.policy import Policy
from domain.text.limits import check_outgoing
from workflows.conversation import activities
from workflows.conversation.inputs import person, target
from workflows.conversation.journalling import ConsumerGone, Decided, Journalling
from workflows.conversation.messages import (
    AcceptOffer,
    AddNote,
    AgentAssigned,
    AgentLeft,
    AgentOffered,
    CancelScheduledText,
    Close,
    Command,
    CommandDone,
    ConsumerTexted,
    ConversationSnapshot,
    ConversationStart,
    DeclineOffer,
    EndedByOperator,
    HoldAutoClose,
    JoinConversation,
    LeaveConversation,
    LookAgain,
    OpenByAgent,
    OptOutReported,
    PickUp,
    Reply,
    ReturnToQueue,
    ScheduleText,
    SetLanguage,
    SetResponseTime,
    Signal,
    TakeOver,
    TransferToAgent,
    TransferToSkill,
)

Told = AgentAssigned | AgentOffered | AgentLeft | OptOutReported | EndedByOperator
"""What the core is told about the conversation under way."""
ROUTED = (AgentAssigned, AgentOffered, AgentLeft)
"""What is told because of a row, again and again until the row has changed."""

NO_SUCH_SKILL = "There is no such skill."

Commit = Callable[[], Awaitable[None]]
"""Journals what was decided before the entry in hand, which is decided after that."""


class Steps:
    """The conversation under way, and the ways into it."""

    def __init__(
        self, start: ConversationStart, thread: ConversationSnapshot, journal: Journalling
    ) -> None:
        self._start = start
        self._journal = journal
        self.core: Conversation | None = None
        if thread.conversation and thread.policy:
            self.core = Conversation(thread.conversation, thread.policy)

    async def time_passed(self) -> None:
        """Let the core do what is due, with working hours that reach far enough."""
        core = self.core
        if core is None:
            return
        kind, at = min(core.deadlines.items(), key=lambda due: due[1], default=(None, None))
        core.caused_by(f"{kind}/{at}")
        if core.settings.needs_hours(workflow.now()):
            core.settings.hours_read(await self._hours(core), workflow.now())
        core.time_passed(workflow.now())

    async def _hours(self, core: Conversation) -> OpenHours:
        try:
            policy = await self._load_policy(core, core.policy.skill_id)
        except FailureError:  # the skill is gone
            return OpenHours()
        return policy.hours

    async def follow_language(self, language: str) -> None:
        """Let the core go on in the language its consumer turned out to write."""
        core = self.core
        if core is None or not core.is_open or language == core.state.language:
            return
        try:
            policy = await self._load_policy(core, core.policy.skill_id, language)
        except FailureError:  # the skill is gone
            return
        core.caused_by(f"language/{language}")
        spoken = Spoken(language, LanguageSource.recognised, policy)
        core.settings.language_recognised(spoken, workflow.now())

    async def _load_policy(
        self, core: Conversation, skill_id: str, language: str | None = None
    ) -> Policy:
        return await activities.load_policy(self._start, skill_id, language or core.state.language)

    async def take(self, signal: Signal, commit: Commit) -> None:
        """Let the core take what was signalled. `commit` journals before a new one opens.

        Raises `Decided` and `ConsumerGone`, as everything here that asks the database.
        """
        match signal:
            case ConsumerTexted():
                await self._text(signal, commit)
            case LookAgain():
                await commit()
                await self.look(for_unsent=True)
            case _:
                core = self.core
                is_meant = core and signal.conversation_id in (None, core.state.id)
                if core and is_meant and _tell(core, signal, workflow.now()):
                    return
                if isinstance(signal, ROUTED):
                    # It is told for as long as the row says so: one of the two is behind.
                    await commit()
                    await self.look()

    async def look(self, *, for_unsent: bool = False) -> None:
        """Go on from what stands in the database, or write there what it lost.

        Raises `Decided` where more stands there than this workflow knows of; `for_unsent`: also
        where texts wait to be sent, of which it may not know.
        """
        standing, core = await self._journal.look(self.core), self.core
        if core is None:
            if standing.conversation:
                raise Decided(standing)
        elif standing.closes(core.state):
            raise Decided(standing)
        elif standing.place < core.place:
            is_same = standing.conversation and standing.conversation.id == core.state.id
            await self._journal.mend(core, standing.place[1] if is_same else 0)
        else:
            is_known = standing.place == core.place and not (standing.texts or standing.commands)
            if not is_known or (for_unsent and standing.unsent):
                raise Decided(standing)

    async def carry_out(self, command: Command, commit: Commit) -> CommandDone:
        """Let the core carry out a command. Raises the rule that refuses it."""
        if isinstance(command, OpenByAgent):
            return await self._open_by_agent(command, commit)
        core = self.core
        if core is None or core.state.id != command.conversation_id:
            raise ConversationClosed
        message_id = await self._apply(core, command)
        return CommandDone(conversation_id=core.state.id, message_id=message_id)

    async def _apply(self, core: Conversation, command: Command) -> str | None:
        who, key, now = person(command.actor), command.key, workflow.now()
        core.caused_by(key)
        match command:
            case Reply():
                return core.replied(who, command.text, key, now)
            case AddNote():
                return core.noted(who, command.text, key, now)
            case TransferToSkill():
                core.check_handle(who)
                policy = await self._policy_of(core, command.skill_id)
                core.transfers.to_skill(who, policy, command.note, key, now)
            case TransferToAgent():
                core.transfers.to_agent(who, target(command), command.note, key, now)
            case ReturnToQueue():
                core.transfers.to_queue(who, command.note, key, now)
            case Close():
                core.closed(who, key, now)
            case SetLanguage():
                core.settings.check_language(who)
                policy = await self._policy_of(core, core.policy.skill_id, command.language)
                spoken = Spoken(command.language, command.source, policy)
                core.settings.language_set(who, spoken, key, now)
            case ScheduleText():
                return core.later.scheduled(
                    who, command.text, command.at, key, now, unless_answered=command.unless_answered
                )
            case _:
                _take_or_supervise(core, command, now)
        return None

    async def _policy_of(
        self, core: Conversation, skill_id: str, language: str | None = None
    ) -> Policy:
        try:
            return await self._load_policy(core, skill_id, language)
        except FailureError as error:  # a local activity's own error comes unwrapped
            raise TransferRefused(NO_SUCH_SKILL) from error

    async def _text(self, text: ConsumerTexted, commit: Commit) -> None:
        if text.again:  # it may stand somewhere by now
            await commit()
            await self.look()
        heard = await self._heard(text)
        if self._taken(text, heard):
            return
        if self.core:
            self.core.let_go(workflow.now())
        await commit()
        if self.carries:
            await self.carry_on()
            if self._taken(text):
                return
            await commit()  # its consumer opted out: it was closed as soon as it was open
        terms = await self._terms(message_id=text.message_id, first_text=text.text)
        self.core = self._begin(terms, "consumer", text.message_id)
        self.core.opened_by_consumer(text, terms.consumer, workflow.now())

    async def _heard(self, text: IncomingText) -> Heard:
        """Have a text read that may answer the survey: words are none of a workflow's."""
        asking = self.core.asks(text) if self.core else None
        if asking is None:
            return UNREAD
        return await activities.read_answer(
            AnswerRequest(
                text=text.text,
                received_at=text.received_at,
                scale=asking.scale,
                first_question=asking.first,
                last_question=asking.last,
            )
        )

    def _taken(self, text: IncomingText, heard: Heard = UNREAD) -> bool:
        """Let the conversation under way take a text, if it is for it."""
        core = self.core
        if core is None or not core.takes(text, heard):
            return False
        core.caused_by(text.message_id)
        core.consumer_texted(text, workflow.now(), heard)
        return True

    @property
    def carries(self) -> bool:
        """Say whether a survey ended that had no use for some texts: they open a conversation."""
        return self.core is not None and self.core.carries

    async def carry_on(self) -> None:
        """Open the next conversation with texts of the one before, whose last step stands.

        Raises as `take` does.
        """
        before = self.core
        if before is None or not before.carries:
            return
        texts: list[CarriedText] = before.state.carried
        first = texts[0]
        terms = await self._terms(
            message_id=first.message_id, first_text=first.text, carried_from=before.state.id
        )
        self.core = self._begin(terms, "consumer", first.message_id)
        self.core.opened_by_carried(texts, before.state.id, terms.consumer, workflow.now())

    async def _open_by_agent(self, command: OpenByAgent, commit: Commit) -> CommandDone:
        check_outgoing(command.text)
        await commit()
        if self.core and self.core.state.status is not Status.closed:
            await self.look()  # whoever opens saw nothing open
            raise ConversationAlreadyOpen
        try:
            terms = await self._terms(command_key=command.key, skill_id=command.skill_id)
        except FailureError as error:  # a local activity's own error comes unwrapped
            raise TransferRefused(NO_SUCH_SKILL) from error
        if terms.consumer.is_opted_out:
            raise OptedOutError
        who, now = person(command.actor), workflow.now()
        if self.core:
            self.core.let_go(now)
        self.core = self._begin(terms, who.agent_id, command.key)
        message_id = self.core.opened_by_agent(who, command.text, command.key, now)
        return CommandDone(conversation_id=self.core.state.id, message_id=message_id)

    async def _terms(
        self,
        *,
        message_id: str | None = None,
        first_text: str | None = None,
        carried_from: str | None = None,
        command_key: str | None = None,
        skill_id: str | None = None,
    ) -> Terms:
        """Read what a new conversation must know, once the database knows the one before."""
        while True:
            opening = await activities.load_opening(
                OpeningRequest(
                    account_id=self._start.account_id,
                    held=self._journal.held(self.core),
                    skill_id=skill_id,
                    message_id=message_id,
                    command_key=command_key,
                    first_text=first_text,
                    carried_from=carried_from,
                )
            )
            if not opening.is_consumer_known:
                raise ConsumerGone
            if opening.standing:
                raise Decided(opening.standing)
            if opening.terms:
                return opening.terms
            if self.core:  # the database was restored to a time before it
                await self._journal.mend(self.core, opening.stands_at or 0)

    def _begin(self, terms: Terms, opened_by: str, opener: str) -> Conversation:
        start = self._start
        line, consumer = LineId(start.line_id), ConsumerId(start.consumer_id)
        identity = Identity(
            conversation_id=opened_as(line, consumer, opener, terms.number),
            account_id=start.account_id,
            line_id=start.line_id,
            consumer_id=start.consumer_id,
            number=terms.number,
        )
        state = begin(identity, terms.policy, terms.consumer, opened_by, workflow.now())
        core = Conversation(state, terms.policy)
        core.caused_by(opener)
        return core


def _tell(core: Conversation, signal: Told, now: datetime) -> bool:
    """Let the core hear what concerns it; says whether it had anything to do."""
    match signal:
        case AgentAssigned():
            core.caused_by(f"assigned/{signal.ticket}/{signal.agent_id}")
            return core.queue.assigned(signal.ticket, signal.agent_id, signal.agent_name, now)
        case AgentOffered():
            core.caused_by(f"offered/{signal.ticket}/{signal.agent_id}")
            return core.queue.offered(signal.ticket, signal.agent_id, signal.agent_name, now)
        case AgentLeft():
            core.caused_by(f"left/{core.state.ticket}/{signal.agent_id}")
            return core.queue.agent_left(signal.agent_id, now)
        case OptOutReported():
            core.caused_by("opted_out")
            core.consumer_opted_out(now)
        case EndedByOperator():
            core.caused_by("ended")
            core.ended_by_operator(now)
        case _:
            assert_never(signal)
    return True


def _take_or_supervise(core: Conversation, command: Command, now: datetime) -> None:
    who, key = person(command.actor), command.key
    match command:
        case AcceptOffer():
            core.queue.accepted(who, key, now)
        case DeclineOffer():
            core.queue.declined(who, key, now)
        case PickUp():
            core.queue.picked(who, key, now)
        case SetResponseTime():
            seconds = command.seconds
            allowed = None if seconds is None else timedelta(seconds=seconds)
            core.response_time_set(who, allowed, key, now)
        case HoldAutoClose(held=True):
            core.auto_close.held(who, key, now)
        case HoldAutoClose():
            core.auto_close.resumed(who, key, now)
        case CancelScheduledText():
            core.later.cancelled(who, command.text_id, key, now)
        case JoinConversation():
            core.managers.joined(who, key, now)
        case LeaveConversation():
            core.managers.left(who, key, now)
        case TakeOver():
            core.managers.took_over(who, key, now)
