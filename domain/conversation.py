"""The state machine of one conversation: every rule of opening, holding, closing and rating.

Pure: it reads no clock and touches nothing. Each method takes an event, the time and what it
needs as data; what is to be done about it is collected as effects, in order, and taken with
`take_effects`. `next_deadline` says when time itself becomes an event.
"""

from datetime import datetime

from domain import survey
from domain.closing import Closing
from domain.effects import Happened, MessageWritten
from domain.errors import (
    ConsumerOptedOut,
    ConversationClosed,
    ConversationInSurvey,
    ConversationNotAssigned,
    TransferRefused,
)
from domain.inputs import IncomingText, Person
from domain.limits import check_outgoing
from domain.state import ConsumerFacts, ConversationState, Policy
from domain.transcript import Transcript
from domain.words import (
    Author,
    Automatic,
    CloseReason,
    EventKind,
    Keyword,
    MessageStatus,
    PendingSide,
    Status,
)


class Conversation(Transcript):
    """One conversation: its state, its account's policy, and the rules."""

    def __init__(self, state: ConversationState, policy: Policy) -> None:
        super().__init__(state, policy)
        self._closing = Closing(self)

    # What a consumer does

    def opened_by_consumer(self, text: IncomingText, facts: ConsumerFacts, now: datetime) -> None:
        """Take the first text: welcome and queue, unless it is a keyword, which closes at once."""
        self.happened(EventKind.conversation_opened, now, opened_by="consumer")
        self._record(text, now)
        if text.keyword:
            self._take_keyword(text, now)
            if self.is_open:
                self._closing.close(CloseReason.system, now)
            return
        self._expect_agent(now)
        if not facts.continues:
            self.say(Automatic.first_welcome if facts.is_first else Automatic.welcome, now)
        self._enter_queue(now)

    def takes(self, text: IncomingText) -> bool:
        """Say whether a text belongs to this conversation, or must open the next one.

        The rating under way lets go of a new request when its last question went unanswered.
        """
        if self.state.status is Status.closed:
            return False
        if self.state.status is not Status.survey or text.keyword:
            return True
        return not (self._closing.is_last_try(text.text) and survey.reads_as_request(text.text))

    def let_go(self, now: datetime) -> None:
        """End the rating because the next text opens a new conversation."""
        if self.state.status is Status.survey:
            self._closing.end_unrecognised(now)

    def consumer_texted(self, text: IncomingText, now: datetime) -> None:
        """Take one more text of the consumer. A keyword comes before everything else."""
        self._record(text, now)
        if text.keyword:
            self._take_keyword(text, now)
        elif self.state.status is Status.survey:
            self._closing.answered(text.text, now)
        else:
            self._expect_agent(now)

    def consumer_opted_out(self, now: datetime) -> None:
        """Take an opt-out learnt elsewhere, such as the provider's refusal."""
        if self.state.is_opted_out or self.state.status is Status.closed:
            return
        self._opt_out(now)

    def ended_by_operator(self, now: datetime) -> None:
        """End at once, without asking for a rating: an operator wants it so."""
        self._closing.end_for_system(now)

    # What agents and managers do

    def opened_by_agent(self, person: Person, text: str, key: str, now: datetime) -> str:
        """Open with an agent's own text; they hold it. Returns the message's id."""
        self.happened(
            EventKind.conversation_opened, now, agent_id=person.agent_id, opened_by="agent"
        )
        self._hold(person.agent_id, person.name, now)
        return self._reply(person, text, key, now)

    def check_reply(self, person: Person, text: str) -> None:
        """Raise the error that a reply would meet, changing nothing."""
        check_outgoing(text)
        self._check_open()
        self._check_holds(person)
        if self.state.is_opted_out:
            raise ConsumerOptedOut

    def replied(self, person: Person, text: str, key: str, now: datetime) -> str:
        """Write an agent's text to the consumer. Returns the message's id."""
        self.check_reply(person, text)
        return self._reply(person, text, key, now)

    def check_note(self, person: Person, text: str) -> None:
        """Raise the error that a note would meet, changing nothing."""
        check_outgoing(text)
        if self.state.status is Status.closed:
            raise ConversationClosed
        self._check_holds_or_supervises(person)

    def noted(self, person: Person, text: str, key: str | None, now: datetime) -> str:
        """Write a private note; it changes nothing else. Returns the message's id."""
        self.check_note(person, text)
        return self.write(
            Author.note,
            text,
            now,
            status=MessageStatus.written,
            agent_id=person.agent_id,
            agent_name=person.name,
            command_key=key,
        )

    def check_handle(self, person: Person) -> None:
        """Raise the error that a transfer, a return or a close would meet, changing nothing."""
        self._check_open()
        self._check_holds_or_supervises(person)

    def transferred_to_skill(
        self, person: Person, policy: Policy, note: str | None, key: str, now: datetime
    ) -> None:
        """Pass on to another skill, whose policy holds from here and whose text is sent."""
        self.check_handle(person)
        if policy.skill_id == self.state.skill_id and self.state.wanted_agent_id is None:
            raise TransferRefused("The conversation is already with this skill.")
        self._note_along(person, note, now)
        self._adopt(policy)
        self.happened(
            EventKind.conversation_transferred,
            now,
            agent_id=person.agent_id,
            command_key=key,
            skill_id=policy.skill_id,
        )
        self.say(Automatic.transferred_to_skill, now, skill=policy.skill_name)
        self.state.pending_side = PendingSide.agent
        self._enter_queue(now)

    def transferred_to_agent(
        self, person: Person, target: Person, note: str | None, key: str, now: datetime
    ) -> None:
        """Pass on to a named agent: nobody else gets it until the fallback time is over."""
        self.check_handle(person)
        if target.agent_id == self.state.agent_id and self.state.status is Status.assigned:
            raise TransferRefused("This agent already holds the conversation.")
        self._note_along(person, note, now)
        self.happened(
            EventKind.conversation_transferred,
            now,
            agent_id=person.agent_id,
            command_key=key,
            to_agent_id=target.agent_id,
        )
        self.say(Automatic.transferred_to_agent, now, agent=target.name)
        self.state.pending_side = PendingSide.agent
        self._enter_queue(now, wanted=target)

    def returned_to_queue(self, person: Person, note: str | None, key: str, now: datetime) -> None:
        """Give back to the skill's queue; a different agent is tried first."""
        self.check_handle(person)
        if self.state.status is not Status.assigned:
            raise TransferRefused("The conversation is already waiting in the queue.")
        self._note_along(person, note, now)
        self.happened(
            EventKind.conversation_returned, now, agent_id=person.agent_id, command_key=key
        )
        self.say(Automatic.returned_to_queue, now)
        self.state.quiet_since = now
        self._enter_queue(now, avoided=self.state.agent_id)

    def closed(self, person: Person, key: str, now: datetime) -> None:
        """Close; the consumer is asked to rate where there is something to rate."""
        self.check_handle(person)
        holds = person.agent_id == self.state.agent_id and self.state.status is Status.assigned
        self._closing.close(
            CloseReason.agent if holds else CloseReason.manager,
            now,
            closed_by=person.agent_id,
            command_key=key,
        )

    # What the router and time do

    def assigned(self, ticket: int, agent_id: str, agent_name: str, now: datetime) -> None:
        """Take the router's choice; one made for an earlier wait is ignored."""
        if self.state.status is not Status.waiting or ticket != self.state.ticket:
            return
        self._hold(agent_id, agent_name, now)
        self.say(Automatic.agent_joined, now, agent=agent_name)

    @property
    def deadlines(self) -> dict[str, datetime]:
        """Return every deadline that stands, by what it does, in operators' words."""
        possible = {
            "auto-close": self.auto_close_at,
            "agent did not take the transfer": self.state.agent_fallback_at,
            "survey expires": self._closing.expires_at,
        }
        return {what: at for what, at in possible.items() if at is not None}

    @property
    def next_deadline(self) -> datetime | None:
        """Return when `time_passed` has something to do, if nothing else happens before."""
        return min(self.deadlines.values(), default=None)

    def time_passed(self, now: datetime) -> None:
        """Do what is due at `now`; nothing when it comes early."""
        if _is_due(self._closing.expires_at, now):
            self._closing.expired(now)
        elif _is_due(self.auto_close_at, now):
            self._closing.close(CloseReason.auto_close, now)
        elif _is_due(self.state.agent_fallback_at, now):
            self._enter_queue(now)

    def take_effects(self) -> list[MessageWritten | Happened]:
        """Return what the step asks for, with the state's own deadline brought up to date."""
        self.state.auto_close_at = self.auto_close_at
        return super().take_effects()

    # The parts the rules above are made of

    @property
    def is_open(self) -> bool:
        return self.state.status in (Status.waiting, Status.assigned)

    def _record(self, text: IncomingText, now: datetime) -> None:
        self.state.consumer_texts += 1
        self.state.quiet_since = now
        self.write(
            Author.consumer,
            text.text,
            now,
            message_id=text.message_id,
            status=MessageStatus.received,
            is_truncated=text.is_truncated,
            media=text.media,
        )

    def _take_keyword(self, text: IncomingText, now: datetime) -> None:
        if text.keyword is Keyword.stop:
            self._opt_out(now, announce=not text.provider_handled)
            return
        if text.keyword is Keyword.start:
            self.state.is_opted_out = False
            self.happened(EventKind.opted_in, now)
        if not text.provider_handled:
            kind = Automatic.opted_in if text.keyword is Keyword.start else Automatic.help
            self.say(kind, now, is_consent_reply=True)

    def _opt_out(self, now: datetime, *, announce: bool = False) -> None:
        self.state.is_opted_out = True
        self.happened(EventKind.opted_out, now)
        if announce:
            self.say(Automatic.opted_out, now, is_consent_reply=True)
        self._closing.opted_out(now)

    def _expect_agent(self, now: datetime) -> None:
        self.state.pending_side = PendingSide.agent
        self.state.waiting_since = self.state.waiting_since or now

    def _reply(self, person: Person, text: str, key: str, now: datetime) -> str:
        self.state.pending_side = PendingSide.consumer
        self.state.waiting_since = None
        self.state.quiet_since = now
        return self.write(
            Author.agent,
            text,
            now,
            status=MessageStatus.queued,
            agent_id=person.agent_id,
            agent_name=person.name,
            command_key=key,
        )

    def _note_along(self, person: Person, note: str | None, now: datetime) -> None:
        if note and note.strip():
            self.noted(person, note, None, now)

    def _adopt(self, policy: Policy) -> None:
        self.policy = policy
        self.state.skill_id = policy.skill_id
        self.state.skill_name = policy.skill_name
        self.state.priority = policy.priority

    def _hold(self, agent_id: str, agent_name: str, now: datetime) -> None:
        self.state.status = Status.assigned
        self.state.agent_id = self.state.last_agent_id = agent_id
        self.state.agent_name = agent_name
        self.state.assigned_at = now
        self._leave_queue()
        self.happened(EventKind.conversation_assigned, now, agent_id=agent_id)

    def _enter_queue(
        self, now: datetime, *, wanted: Person | None = None, avoided: str | None = None
    ) -> None:
        self._leave_queue()
        state = self.state
        state.status = Status.waiting
        state.ticket += 1
        state.queued_at = now
        state.agent_id = state.agent_name = state.assigned_at = None
        state.avoided_agent_id = avoided
        if wanted:
            state.wanted_agent_id, state.wanted_agent_name = wanted.agent_id, wanted.name
            state.agent_fallback_at = now + self.policy.agent_transfer_fallback
        self.happened(
            EventKind.conversation_queued,
            now,
            skill_id=state.skill_id,
            wanted_agent_id=state.wanted_agent_id,
        )

    def _leave_queue(self) -> None:
        self.state.wanted_agent_id = self.state.wanted_agent_name = None
        self.state.avoided_agent_id = self.state.agent_fallback_at = None

    @property
    def auto_close_at(self) -> datetime | None:
        """Return when silence of the consumer closes it: only while they are to write next."""
        quiet = self.state.quiet_since
        if quiet is None or not self.is_open or self.state.pending_side is PendingSide.agent:
            return None
        return quiet + self.policy.auto_close_after

    def _check_open(self) -> None:
        if self.state.status is Status.closed:
            raise ConversationClosed
        if self.state.status is Status.survey:
            raise ConversationInSurvey

    def _check_holds(self, person: Person) -> None:
        if self.state.status is not Status.assigned or self.state.agent_id != person.agent_id:
            raise ConversationNotAssigned

    def _check_holds_or_supervises(self, person: Person) -> None:
        if self.state.agent_id != person.agent_id and not person.supervises:
            raise ConversationNotAssigned


def _is_due(deadline: datetime | None, now: datetime) -> bool:
    return deadline is not None and deadline <= now
