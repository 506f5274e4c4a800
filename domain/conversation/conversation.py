"""The state machine of one conversation: opening, assignment, closing and rating.

It is pure: it reads no clock and touches nothing. Each method takes one event, the time, and plain
data, and collects effects in order; `take_effects` returns them. `next_deadline` says when the
passing of time is itself an event. Each part holds the rules of one matter, such as `queue`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.consent.hold import Hold
from domain.conversation import response_clock
from domain.conversation.agent_silence import AgentSilence
from domain.conversation.asking_nothing import AskingNothing
from domain.conversation.auto_close import AutoClose
from domain.conversation.beginnings import Beginnings
from domain.conversation.bots import Bots
from domain.conversation.closing import Closing
from domain.conversation.effects import Effect, MediaRef, happened_at
from domain.conversation.inbound_replies import InboundReplies
from domain.conversation.inputs import AS_USUAL, Closure, Person, ReceivedText, carried_text
from domain.conversation.kinds import Author, CloseReason, DeadlineKind, EventKind, Status
from domain.conversation.notes import Notes
from domain.conversation.opting_out import OptingOut
from domain.conversation.permissions import check_handles, check_replies, holds
from domain.conversation.promises import Promises
from domain.conversation.queueing import Queueing
from domain.conversation.reminders import Reminders
from domain.conversation.replies import Replies
from domain.conversation.scheduled_texts import ScheduledTexts
from domain.conversation.sending_again import SendingAgain
from domain.conversation.settings_refresh import SettingsRefresh
from domain.conversation.snoozing import Snoozing
from domain.conversation.state import CarriedText, ConsumerFacts, ConversationState, InvitationText
from domain.conversation.step_context import StepContext
from domain.conversation.supervision import Supervision
from domain.conversation.survey import Survey
from domain.conversation.survey_inputs import UNREAD, AnswerReading, OpenQuestion, heard
from domain.conversation.timers import BY_KIND, TimedParts, counted_from, due_times, most_urgent
from domain.conversation.transfers import Transfers
from domain.courtesies.kinds import CourtesyKind
from domain.delivery.message_status import MessageStatus
from domain.policy.policy import Policy
from domain.text.limits import check_outgoing


class Conversation(StepContext):
    """One conversation: its state, its policy, and its rules."""

    def __init__(self, state: ConversationState, policy: Policy) -> None:
        super().__init__(state, policy)
        self.queue = Queueing(self)
        self.notes = Notes(self)
        self.managers = Supervision(self, self.queue, self.notes)
        self.auto_close = AutoClose(self)
        self.snoozing = Snoozing(self)
        self.promises = Promises(self, self.auto_close)
        self._replies = Replies(self, self.queue)
        self.scheduled_texts = ScheduledTexts(self, self._replies)
        self.sending_again = SendingAgain(self, self._replies)
        self.settings = SettingsRefresh(self)
        self._answers = InboundReplies(self)
        self._nothing = AskingNothing(self)
        self._beginnings = Beginnings(self, self._nothing)
        self._survey = Survey(self)
        self._closing = Closing(self, self.queue, self._survey)
        self.bots = Bots(self, self.queue, self._closing)
        self.transfers = Transfers(self, self.queue, self.bots)
        self.consent = OptingOut(self, self._closing)
        self._timed = TimedParts(
            survey=self._survey,
            closing=self._closing,
            auto_close=self.auto_close,
            snoozing=self.snoozing,
            scheduled_texts=self.scheduled_texts,
            queue=self.queue,
            bots=self.bots,
            silence=AgentSilence(self, self.queue),
            reminders=Reminders(self),
            settings=self.settings,
        )

    @property
    def position(self) -> tuple[int, int]:
        """Return the number of the conversation in its thread, and the number of its last step."""
        return self.state.number, self.state.sequence

    # Events of the consumer

    def opened_by_consumer(
        self,
        text: ReceivedText,
        facts: ConsumerFacts,
        now: datetime,
        invitation: InvitationText | None = None,
    ) -> None:
        """Open with the consumer's first text: welcome them and enter the queue.

        A keyword closes the conversation at once. So does a text of a consumer who had opted out
        or is blocked, because no agent could answer it, one of a program, where the account does
        not queue those, one that came too late, and one that answers an invitation and asks for
        nothing.
        """
        courtesy = self._beginnings.by_consumer(text, invitation, now)
        self._record(text, now, is_by_person=courtesy is not CourtesyKind.automatic)
        self._beginnings.say_unowed(text, courtesy, now)
        stands_apart = self._is_barred or facts.waits_for_nobody or courtesy is not None
        self.state.closed_at_once = text.keyword is not None or text.is_filed or stands_apart
        if text.keyword:
            self.consent.take_keyword(text, now)
            if self.is_open:
                self._closing.close(CloseReason.system, now)
            return
        if stands_apart or text.is_filed:
            self._close_unanswered(now)
            return
        response_clock.expect_answer(self.state, self.policy, now, text.sent_at)
        self._answers.to_opening(text, self._beginnings.greeted(facts), now)
        self.bots.enter(now, since=text.sent_at)

    def opened_by_carried(
        self, texts: Sequence[CarriedText], before: str, facts: ConsumerFacts, now: datetime
    ) -> None:
        """Open with the texts that the survey of the previous conversation, `before`, did not use.

        The conversation reads as a continuation. The consumer has waited since the first text.
        """
        self._beginnings.by_carried(before, now)
        for text in texts:
            self._record(carried_text(text), text.written_at, carried_from=before)
        self.state.quiet_since = now
        self.state.closed_at_once = self._is_barred
        if self._is_barred:
            self._close_unanswered(now)
            return
        response_clock.expect_answer(self.state, self.policy, carried_text(texts[0]).texted_at)
        facts = facts.model_copy(update={"continues": True})
        media = tuple(picture for text in texts for picture in text.media)
        self._answers.to_opening(replace(carried_text(texts[0]), media=media), facts, now)
        self.bots.enter(now)

    def question_for(self, text: ReceivedText) -> OpenQuestion | None:
        """Return the survey question that a text may answer; None: the text needs no reading."""
        return None if text.keyword or text.is_filed else self._survey.open_question

    def takes(self, text: ReceivedText, reading: AnswerReading = UNREAD) -> bool:
        """Say whether a text belongs to this conversation; otherwise it opens the next one.

        A new request interrupts the survey. After the survey, late answers and texts that ask for
        nothing still belong here. `reading`: how the text was read, where `question_for` returned a
        question.
        """
        if self.state.status is Status.closed:
            is_acted_on = text.keyword is None and not text.is_filed
            is_late = is_acted_on and self._survey.takes_late(text, reading)
            return is_late or self._nothing.belongs_to_closed(text)
        if (
            self.state.status is not Status.survey
            or text.keyword
            or text.is_filed
            or self._survey.has_set_aside(text)
            or self._nothing.is_automatic(text)
        ):
            return True
        return not self._survey.is_interrupted_by(text, heard(text, reading))

    @property
    def carries(self) -> bool:
        """Say whether texts of this conversation are waiting to open the next one."""
        return self.state.status is Status.closed and bool(self.state.carried)

    def survey_interrupted(self, now: datetime) -> None:
        """End the survey, or the wait for a late answer: a text opens the next conversation."""
        self._survey.interrupted(now)

    @property
    def awaits_late_answer(self) -> bool:
        """Say whether it is closed but still accepts a late answer to its survey."""
        return self.state.status is Status.closed and self._survey.late_until is not None

    def consumer_texted(
        self, text: ReceivedText, now: datetime, reading: AnswerReading = UNREAD
    ) -> None:
        """Add a further text of the consumer. A keyword is handled before every other rule."""
        is_closed = self.state.status is Status.closed
        is_automatic = not text.is_filed and self._nothing.is_automatic(text)
        self._record(text, now, is_by_person=not is_automatic)
        if text.keyword:
            if not self.consent.take_keyword(text, now) and self.is_open:
                self._owe_answer(text, now)
                self.scheduled_texts.consumer_texted(now)
                self.snoozing.consumer_texted(now)
        elif is_closed and not text.is_filed and self._survey.takes_late(text, reading):
            self._survey.answered_late(reading, now)
        elif is_closed:
            self._nothing.shown_in_closed(text, now)
        elif text.is_filed:
            return
        elif is_automatic:
            self._nothing.hears_phone(text, now)
            self._survey.ended_by_phone(self._nothing.is_known_answer, now)
        else:
            self._person_texted(text, now, heard(text, reading))

    def _person_texted(self, text: ReceivedText, now: datetime, reading: AnswerReading) -> None:
        owes_nothing = self._nothing.owes_nothing(text)
        self._nothing.hears_person(text, now)
        if self.state.status is Status.survey:
            if not self._survey.has_set_aside(text):  # a restored database may deliver it again
                self._survey.answered(text, reading, now)
            return
        self.scheduled_texts.consumer_texted(now)
        self.snoozing.consumer_texted(now)
        if owes_nothing and text.courtesy:
            kind = text.courtesy.kind.value
            self.happened(EventKind.no_answer_owed, now, message_id=text.message_id, courtesy=kind)
            return
        self._owe_answer(text, now)
        self._answers.to_text(text, now)

    def _owe_answer(self, text: ReceivedText, now: datetime) -> None:
        response_clock.expect_answer(self.state, self.policy, now, text.sent_at)
        self.bots.texted(now)

    def consumer_opted_out(self, now: datetime, *, is_block: bool = False) -> None:
        """Record an opt-out that was learnt elsewhere, such as from the provider's refusal.

        `is_block`: a manager has blocked the consumer, who did not opt out.
        """
        self._survey.stop_awaiting_answer()
        if self._is_barred or self.state.status is Status.closed:
            return
        if is_block:
            self.state.is_blocked = True
            self._closing.blocked(now)
            return
        self.consent.opt_out(now)

    def ended_by_operator(self, now: datetime, *, has_later: bool = False) -> None:
        """Close at once and without a survey, for an operator or for the system.

        `has_later`: later conversations followed, so unused texts of its survey open no new one.
        """
        self._closing.end_for_system(now)
        self._survey.stop_awaiting_answer()
        if has_later:
            self.state.carried = []

    # Commands of agents and managers

    def opened_by_agent(
        self, person: Person, text: str, key: str, now: datetime, *, hold: Hold | None = None
    ) -> str:
        """Open with an agent's text, assigned to that agent. Returns the message's id.

        `hold`: quiet hours, until whose end the text waits.
        """
        self._beginnings.by_agent(person, now)
        self.queue.assign(person.agent_id, person.name, now, how="opened")
        if hold is not None:
            return self.scheduled_texts.opened_in_quiet_hours(person, text, hold, key, now)
        return self._replies.write(person, text, key, now)

    def check_reply(self, person: Person, text: str, media: tuple[MediaRef, ...] = ()) -> None:
        """Raise the error that would refuse a reply, and change nothing."""
        check_outgoing(text, has_files=bool(media))
        check_replies(self.state, person)

    def agent_replied(
        self,
        person: Person,
        text: str,
        key: str,
        now: datetime,
        media: tuple[MediaRef, ...] = (),
    ) -> str:
        """Write an agent's text to the consumer, with pictures. Returns the message's id."""
        self.check_reply(person, text, media)
        return self._replies.write(person, text, key, now, media=media)

    def check_handle(self, person: Person) -> None:
        """Raise the error that would refuse a return or a close, and change nothing."""
        check_handles(self.state, person)

    def agent_closed(
        self, person: Person, key: str, now: datetime, closure: Closure = AS_USUAL
    ) -> None:
        """Close as the agent or a manager; a survey follows unless a gate forbids it."""
        self.check_handle(person)
        self._closing.close(
            CloseReason.agent if holds(self.state, person) else CloseReason.manager,
            now,
            closed_by=person.agent_id,
            command_key=key,
            closure=closure,
        )

    # Deadlines

    @property
    def deadlines(self) -> dict[DeadlineKind, datetime]:
        """Return every pending deadline."""
        return due_times(self._timed)

    @property
    def next_deadline(self) -> datetime | None:
        """Return when `time_passed` next has something to do, unless an event comes first."""
        return min(self.deadlines.values(), default=None)

    def time_passed(self, now: datetime) -> None:
        """Carry out the most urgent deadline that is due at `now`; do nothing if none is.

        Of several, the first in `domain.conversation.timers.DEADLINES` is carried out.
        """
        if due := most_urgent(self._timed, now):
            self.prompted_at = due.at
            due.act(self._timed, now)

    def take_effects(self) -> list[Effect]:
        """Return the effects of the step, and bring the deadlines in the state up to date."""
        self.scheduled_texts.cancel_if_closed()
        self._nothing.watch_on()
        state = self.state
        shown = {kind: at for kind, at in self.deadlines.items() if BY_KIND[kind].is_shown}
        state.deadlines, state.auto_close_at = shown, shown.get(DeadlineKind.auto_close)
        since = counted_from(state)
        state.counted_from = {kind: since[kind] for kind in shown if kind in since}
        effects = super().take_effects()
        if effects:
            self.state.next_open_at = self._next_open_at(effects[-1])
        return effects

    # Helpers of the rules above

    @property
    def is_open(self) -> bool:
        return self.state.status.is_open

    @property
    def _is_barred(self) -> bool:
        return self.state.is_opted_out or self.state.is_blocked

    def _close_unanswered(self, now: datetime) -> None:
        if self.state.is_blocked:
            self._closing.blocked(now)
        elif self.state.is_opted_out:
            self._closing.opted_out(now)
        else:
            self._closing.end_for_system(now)

    def _next_open_at(self, last: Effect) -> datetime | None:
        at = happened_at(last)
        hours = self.policy.hours
        return None if hours.is_open(at) or not self.is_open else hours.next_open(at)

    def _record(
        self,
        text: ReceivedText,
        now: datetime,
        *,
        carried_from: str | None = None,
        is_by_person: bool = True,
    ) -> None:
        self.prompted_at = text.texted_at
        if is_by_person and not text.is_filed:
            self.state.consumer_texts += 0 if text.keyword else 1
            self.state.quiet_since = self.state.consumer_wrote_at = now
            self.state.agent_wrote_at = None
            self.state.transfers_in_a_row = 0
        self.write(
            Author.consumer,
            text.text,
            now,
            message_id=text.message_id,
            status=MessageStatus.received,
            is_truncated=text.is_truncated,
            media=text.media,
            carried_from=carried_from,
            sent_at=text.sent_at,
        )
        if text.wants_opt_out:
            self.consent.wished(text, now)
