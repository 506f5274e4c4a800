"""From what the mailbox holds to the core's methods: openings, texts, assignments, commands."""

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
from domain.errors import ConsumerOptedOut as OptedOutError
from domain.errors import ConversationAlreadyOpen, ConversationClosed, TransferRefused
from domain.hours.open_hours import OpenHours
from domain.ids import ConsumerId, LineId, opened_conversation_id
from domain.policy.policy import Policy
from domain.text.limits import check_outgoing
from workflows.conversation import activities
from workflows.conversation.commands import COMMANDS
from workflows.conversation.inputs import person
from workflows.conversation.journalling import AlreadyDecided, ConsumerGone
from workflows.conversation.messages import (
    AgentAssigned,
    AgentLeft,
    AgentOffered,
    Command,
    CommandDone,
    ConversationStart,
    EndedByOperator,
    LookAgain,
    OpenByAgent,
    OptOutReported,
    Signal,
)
from workflows.conversation.under_way import UnderWay

CoreSignal = AgentAssigned | AgentOffered | AgentLeft | OptOutReported | EndedByOperator
"""What the core is told about the conversation under way."""

NO_SUCH_SKILL = "There is no such skill."


class Steps:
    """The conversation under way, and the ways into it."""

    def __init__(self, start: ConversationStart, under_way: UnderWay) -> None:
        self._start = start
        self._under_way = under_way

    @property
    def _core(self) -> Conversation | None:
        return self._under_way.core

    async def time_passed(self) -> None:
        """Let the core do what is due, with working hours that reach far enough."""
        core = self._core
        if core is None:
            return
        kind, at = min(core.deadlines.items(), key=lambda due: due[1], default=(None, None))
        core.caused_by(f"{kind}/{at}")
        if core.settings.needs_hours(workflow.now()):
            # The time that is due stays due; what comes in waits for it.
            core.settings.hours_refreshed(await self._hours(core), workflow.now())
        core.time_passed(workflow.now())

    async def _hours(self, core: Conversation) -> OpenHours:
        try:
            policy = await self._load_policy(core, core.policy.skill_id)
        except FailureError:  # the skill is gone
            return OpenHours()
        return policy.hours

    async def _load_policy(
        self, core: Conversation, skill_id: str, language: str | None = None
    ) -> Policy:
        return await activities.load_policy(self._start, skill_id, language or core.state.language)

    async def take(self, signal: Signal) -> None:
        """Let the core take what was signalled; what was decided before is journalled if need be.

        Raises `AlreadyDecided` and `ConsumerGone`, as everything here that asks the database.
        """
        match signal:
            case ReceivedText():
                await self._text(signal)
            case LookAgain():
                # Whatever stands otherwise by now ends this step: see `AlreadyDecided`.
                await self._under_way.commit_before()
                await self._under_way.look(for_unsent=True)
            case AgentAssigned() | AgentOffered() | AgentLeft():
                if not self._tell_core(signal):
                    # It is told for as long as the row says so: one of the two is behind.
                    await self._under_way.commit_before()
                    await self._under_way.look()
            case OptOutReported() | EndedByOperator():
                self._tell_core(signal)
            case _:
                assert_never(signal)

    def _tell_core(self, signal: CoreSignal) -> bool:
        """Tell the core what concerns it; says whether it had anything to do."""
        core = self._core
        is_meant = core and signal.conversation_id in (None, core.state.id)
        return bool(core and is_meant and _tell(core, signal, workflow.now()))

    async def carry_out(self, command: Command) -> CommandDone:
        """Let the core carry out a command. Raises the rule that refuses it."""
        if isinstance(command, OpenByAgent):
            return await self._open_by_agent(command)
        core = self._core
        if core is None or core.state.id != command.conversation_id:
            raise ConversationClosed
        row, policy = COMMANDS[type(command)], core.policy
        if row.needs:
            row.check(core, command, workflow.now())
            wanted = row.needs(core, command)
            # Texts may come in meanwhile, and wait; the clock goes on, so `apply` checks again.
            policy = await self._policy_of(core, wanted.skill_id, wanted.language)
        core.caused_by(command.key)
        message_id = row.apply(core, command, workflow.now(), policy)
        return CommandDone(conversation_id=core.state.id, message_id=message_id)

    async def _policy_of(
        self, core: Conversation, skill_id: str, language: str | None = None
    ) -> Policy:
        try:
            return await self._load_policy(core, skill_id, language)
        except FailureError as error:  # a local activity's own error comes unwrapped
            raise TransferRefused(NO_SUCH_SKILL) from error

    async def _text(self, text: ReceivedText) -> None:
        if text.again:  # it may stand somewhere by now
            await self._under_way.commit_before()
            await self._under_way.look()
        # The survey may be over by the clock when it is read, never by another step.
        reading = await self._read(text)
        if self._taken(text, reading):
            return
        if self._core:
            self._core.survey_interrupted(workflow.now())
        # Further texts wait in the mailbox: this one opens, they follow it.
        await self._under_way.commit_before()
        if self.carries:
            await self._open_carried()
            if self._taken(text):
                return
            # Its consumer opted out: it was closed as soon as it was open.
            await self._under_way.commit_before()
        # Settings are those of this moment; the consumer's consent may still change, and is asked
        # again before each text leaves.
        terms = await self._terms(message_id=text.message_id, first_text=text.text)
        self._under_way.core = core = self._begin(terms, "consumer", text.message_id)
        core.opened_by_consumer(text, terms.consumer, workflow.now())

    async def _read(self, text: ReceivedText) -> AnswerReading:
        """Have a text read that may answer the survey: words are none of a workflow's."""
        asking = self._core.question_for(text) if self._core else None
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

    def _taken(self, text: ReceivedText, reading: AnswerReading = UNREAD) -> bool:
        """Let the conversation under way take a text, if it is for it."""
        core = self._core
        if core is None or not core.takes(text, reading):
            return False
        core.caused_by(text.message_id)
        core.consumer_texted(text, workflow.now(), reading)
        return True

    @property
    def carries(self) -> bool:
        """Say whether a survey ended that had no use for some texts: they open a conversation."""
        return self._core is not None and self._core.carries

    async def carry_on(self) -> None:
        """Open the next conversation with texts that a survey which ended had no use for.

        The step that ends the survey stands before. Raises as `take` does.
        """
        if self.carries:
            # Texts that come in meanwhile wait, and stand behind those that are carried.
            await self._under_way.commit()
            await self._open_carried()

    async def _open_carried(self) -> None:
        before = self._core
        if before is None or not before.carries:
            return
        texts: list[CarriedText] = before.state.carried
        first = texts[0]
        # As at any opening.
        terms = await self._terms(
            message_id=first.message_id, first_text=first.text, carried_from=before.state.id
        )
        self._under_way.core = core = self._begin(terms, "consumer", first.message_id)
        core.opened_by_carried(texts, before.state.id, terms.consumer, workflow.now())

    async def _open_by_agent(self, command: OpenByAgent) -> CommandDone:
        check_outgoing(command.text)
        # A text of the consumer that came in before this command has opened by now.
        await self._under_way.commit_before()
        if self._core and self._core.state.status is not Status.closed:
            await self._under_way.look()  # whoever opens saw nothing open
            raise ConversationAlreadyOpen
        try:
            terms = await self._terms(command_key=command.key, skill_id=command.skill_id)
        except FailureError as error:  # a local activity's own error comes unwrapped
            raise TransferRefused(NO_SUCH_SKILL) from error
        if terms.consumer.is_opted_out:
            raise OptedOutError
        who, now = person(command.actor), workflow.now()
        if self._core:
            self._core.survey_interrupted(now)
        self._under_way.core = core = self._begin(terms, who.agent_id, command.key)
        message_id = core.opened_by_agent(who, command.text, command.key, now)
        return CommandDone(conversation_id=core.state.id, message_id=message_id)

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
            # Another worker may open from the same text meanwhile: the journal refuses one of them.
            opening = await activities.load_opening(
                OpeningRequest(
                    account_id=self._start.account_id,
                    held=self._under_way.journal.held(self._core),
                    skill_id=skill_id,
                    message_id=message_id,
                    command_key=command_key,
                    first_text=first_text,
                    carried_from=carried_from,
                )
            )
            if not opening.is_consumer_known:
                raise ConsumerGone
            if opening.recorded:
                raise AlreadyDecided(opening.recorded)
            if opening.terms:
                return opening.terms
            if self._core:  # the database was restored to a time before it
                await self._under_way.journal.mend(self._core, opening.stands_at or 0)

    def _begin(self, terms: Terms, opened_by: str, opener: str) -> Conversation:
        start = self._start
        line, consumer = LineId(start.line_id), ConsumerId(start.consumer_id)
        identity = Identity(
            conversation_id=opened_conversation_id(line, consumer, opener, terms.number),
            account_id=start.account_id,
            line_id=start.line_id,
            consumer_id=start.consumer_id,
            number=terms.number,
        )
        state = begin(identity, terms.policy, terms.consumer, opened_by, workflow.now())
        core = Conversation(state, terms.policy)
        core.caused_by(opener)
        return core


def _tell(core: Conversation, signal: CoreSignal, now: datetime) -> bool:
    """Let the core hear what concerns it; says whether it had anything to do."""
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
            core.consumer_opted_out(now)
        case EndedByOperator():
            core.caused_by("ended")
            core.ended_by_operator(now)
        case _:
            assert_never(signal)
    return True
