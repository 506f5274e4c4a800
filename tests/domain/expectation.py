"""What must hold of every conversation, whatever happens to it and in whatever order.

The expectation keeps its own account of consent, waits and silence, apart from the code under
test. Each step is also given to a copy that went through JSON, as at a roll-over: it must do the
same.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from hypothesis.stateful import RuleBasedStateMachine, invariant

from domain.automatic.catalogue import TIMED
from domain.automatic.kinds import Automatic
from domain.conversation.conversation import Conversation
from domain.conversation.deadlines import in_words
from domain.conversation.effects import Effect, MessageWritten
from domain.conversation.kinds import (
    Author,
    CloseReason,
    DeadlineKind,
    EventKind,
    PendingSide,
    Status,
)
from domain.conversation.scheduled_texts import MOST
from domain.conversation.state import ConsumerFacts, ConversationState
from domain.conversation.timers import BY_KIND, DEADLINES
from domain.errors import DomainError
from domain.policy.policy import Policy
from domain.survey.kinds import SurveyOutcome
from domain.text.limits import OUTGOING
from tests.domain.scenario import TEN, fresh

Act = Callable[[Conversation], object]

PASSED_ON = (
    EventKind.conversation_transferred,
    EventKind.conversation_returned,
    EventKind.bot_gave_up,
)


AWAKE_ONLY = {
    DeadlineKind.agent_nudge,
    DeadlineKind.agent_silent_reroute,
    DeadlineKind.consumer_silent,
    DeadlineKind.auto_close_warning,
    DeadlineKind.auto_close,
}
GIVEN_AWAY = (
    EventKind.snooze_ended,
    EventKind.conversation_queued,
    EventKind.conversation_assigned,
    EventKind.given_to_bot,
    EventKind.conversation_closed,
)
"""Events that end a snooze."""


def through_json(core: Conversation) -> Conversation:
    """Return the conversation as a fresh run of its workflow finds it."""
    state = ConversationState.model_validate_json(core.state.model_dump_json())
    assert state == core.state
    return Conversation(state, Policy.model_validate_json(core.policy.model_dump_json()))


def is_timed(effect: Effect) -> bool:
    return isinstance(effect, MessageWritten) and effect.automatic in TIMED


def refusal_of(core: Conversation, act: Act) -> str | None:
    """Let `act` happen; return the code of the rule that refused it."""
    try:
        act(core)
    except DomainError as refused:
        return refused.code
    return None


class Expectation(RuleBasedStateMachine):
    """The conversations of one line and consumer, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.now = TEN
        self.opened = self.steps = 0
        self.count = 0
        self.message_ids: set[str] = set()

    def begin(self, policy: Policy, facts: ConsumerFacts, opened_by: str) -> None:
        self.opened += 1
        self.core = fresh(policy, facts, opened_by, self.opened)
        self.position = self.ticket = 0
        self.is_opted_out = facts.is_opted_out
        self.was_closed = False
        self.unanswered: datetime | None = None
        self.quiet_since: datetime | None = None
        self.resumed_at: datetime | None = None
        self.is_held = self.is_snoozed = False
        self.said: Counter[Automatic] = Counter()
        self.wrote_meanwhile = False
        """The consumer wrote while a bot was being asked."""

    def step(self, act: Act) -> bool:
        """Let something happen to the conversation and to its copy; say whether it was done."""
        copy, before = through_json(self.core), self.core.state.model_copy(deep=True)
        policy, may_answer_late = self.core.policy, self.core.awaits_late_answer
        self.steps += 1
        for one in (self.core, copy):
            one.caused_by(f"cause-{self.steps}")
        refusal = refusal_of(self.core, act)
        assert refusal_of(copy, act) == refusal
        effects = self.core.take_effects()
        assert (copy.take_effects(), copy.state, copy.policy) == (
            effects,
            self.core.state,
            self.core.policy,
        )
        if refusal or (self.was_closed and not may_answer_late):
            assert (effects, self.core.state, self.core.policy) == ([], before, policy)
        for effect in effects:
            self._look_at(effect)
        if effects and all(is_timed(effect) for effect in effects):
            assert self._clocks(self.core.state) == self._clocks(before)
        return refusal is None

    def _do_what_is_due(self) -> None:
        for _ in range(MOST + len(DEADLINES)):  # one thing at a time: the last finds nothing left
            assert self.step(lambda core: core.time_passed(self.now))

    def _clocks(self, state: ConversationState) -> tuple[object, ...]:
        """Return what a timed message must leave alone: turns, clocks and an agent's figures."""
        figures = (state.agent_id, state.assigned_at, state.ticket, state.consumer_texts)
        clocks = (state.waiting_since, state.quiet_since, state.agent_wrote_at)
        due = (state.response_due_at, state.auto_close_at, state.scheduled)
        return (state.status, state.pending_side, *figures, *clocks, *due)

    def _look_at(self, effect: Effect) -> None:
        if isinstance(effect, MessageWritten):
            self._look_at_message(effect)
            return
        assert effect.at == self.now
        self._look_at_snooze(effect.kind)
        if effect.kind in (EventKind.opted_out, EventKind.opted_in):
            self.is_opted_out = effect.kind is EventKind.opted_out
        if effect.kind is EventKind.conversation_queued:
            self.ticket += 1
            self.said[Automatic.waiting_in_queue] = 0
        if effect.kind is EventKind.conversation_assigned:
            self.said[Automatic.agent_silent] = 0
        if effect.kind is EventKind.offer_ended and effect.data["outcome"] != "withdrawn":
            self.ticket += 1
        if effect.kind is EventKind.conversation_closed:
            self.unanswered = None
        if effect.kind is EventKind.bot_answered and not self.wrote_meanwhile:
            self.quiet_since, self.unanswered = self.now, None
            self.said[Automatic.auto_close_warning] = 0
        if effect.kind in PASSED_ON or (
            effect.kind is EventKind.conversation_released and self.core.state.consumer_texts
        ):
            self.unanswered = self.unanswered or self.now

    def _look_at_snooze(self, kind: EventKind) -> None:
        if kind in GIVEN_AWAY and self.is_snoozed:
            self.is_snoozed = False
            self.said[Automatic.consumer_silent] = 0
            self._goes_on()
        if kind is EventKind.conversation_snoozed:
            self.is_snoozed = True

    def _goes_on(self) -> None:
        """Silence may close it again, but not at this moment."""
        if self.closes_from + self.core.policy.auto_close_after <= self.now:
            self.resumed_at = self.now
            self.said[Automatic.auto_close_warning] = 0

    def _look_at_message(self, message: MessageWritten) -> None:
        self.position += 1
        assert message.position == self.position
        assert message.message_id not in self.message_ids
        self.message_ids.add(message.message_id)
        assert message.is_to_send is (message.author in (Author.agent, Author.bot, Author.system))
        if message.is_to_send:
            assert message.text.strip()
            assert len(message.text) <= OUTGOING
            assert message.segments > 0
            assert not self.is_opted_out or message.is_consent_reply
        if message.author is Author.agent:
            state = self.core.state
            is_queued = state.status is Status.waiting and not state.is_with_bot
            still_waits = is_queued and state.consumer_texts
            self.quiet_since, self.unanswered = self.now, self.now if still_waits else None
            self.said[Automatic.consumer_silent] = 0
        if message.author in (Author.agent, Author.consumer):
            self.said[Automatic.agent_silent] = self.said[Automatic.auto_close_warning] = 0
        if message.author is Author.system:
            self._look_at_automatic(message)

    def _look_at_automatic(self, message: MessageWritten) -> None:
        event, policy = message.automatic, self.core.policy
        assert event in policy.texts
        if event in policy.timers:
            self.said[event] += 1
            assert self.said[event] <= policy.timers[event].repeats
        if event is Automatic.auto_close_warning:
            assert self.core.is_open
            assert not self.is_held

    def key(self) -> str:
        self.count += 1
        return f"key-{self.count}"

    # What holds after every step

    @invariant()
    def closed_stays_closed(self) -> None:
        state = self.core.state
        is_closed = state.status is Status.closed
        assert is_closed or not self.was_closed
        self.was_closed = is_closed
        is_over = state.status in (Status.closed, Status.survey)
        assert is_over is (state.closed_at is not None) is (state.close_reason is not None)
        if is_closed and not self.core.awaits_late_answer:
            assert self.core.next_deadline is None
            assert state.survey is None or state.survey.outcome is not None

    @invariant()
    def every_wait_has_its_own_ticket(self) -> None:
        state = self.core.state
        assert state.ticket >= self.ticket
        self.ticket = state.ticket
        if state.status is Status.waiting:
            assert (state.agent_id, state.assigned_at) == (None, None)
            assert (state.queued_at is None) is state.is_with_bot
        if state.status is Status.assigned:
            assert state.agent_id == state.last_agent_id is not None
            assert state.requested_agent_id is None

    @invariant()
    def it_rings_only_while_it_waits_and_never_for_ever(self) -> None:
        state = self.core.state
        assert (state.offered_agent_id is None) is (state.offer_ends_at is None)
        assert state.offered_agent_id is None or state.status is Status.waiting
        if state.status is not Status.waiting:
            assert state.not_accepted_by == []

    @invariant()
    def a_bot_has_it_only_while_it_waits_and_is_late_in_time(self) -> None:
        state = self.core.state
        assert not state.is_with_bot or state.status is Status.waiting
        assert not state.is_with_bot or state.response_due_at is None
        question = self.core.bots.question
        is_asked = state.bot is not None and state.bot.is_asked
        assert (question is not None) is is_asked
        if question:
            assert self.now <= question.late_at == self.core.deadlines[DeadlineKind.bot_late]
            assert self.unanswered

    @invariant()
    def an_answer_is_due_only_while_one_is_owed_or_promised(self) -> None:
        state = self.core.state
        if not self.core.is_open:
            assert state.response_due_at is None
            assert state.joined_managers == []
        elif state.pending_side is PendingSide.consumer:
            assert state.response_due_at is None or state.response_is_manual

    @invariant()
    def somebody_waits_exactly_while_an_answer_is_owed(self) -> None:
        state = self.core.state
        assert state.waiting_since == self.unanswered
        if self.core.is_open:
            assert (state.pending_side is PendingSide.agent) is (self.unanswered is not None)
        if state.status is Status.waiting and not state.is_with_bot:
            assert self.unanswered or not state.consumer_texts

    @invariant()
    def it_closes_itself_only_while_the_consumer_is_to_write(self) -> None:
        state, due = self.core.state, self.core.deadlines.get(DeadlineKind.auto_close)
        assert state.auto_close_at == due
        assert state.is_auto_close_held is (self.is_held and self.core.is_open)
        is_owed = state.pending_side is PendingSide.agent or state.response_is_manual
        if self.core.is_open and not (is_owed or self.is_held or self.is_snoozed):
            assert due == self.closes_from + self.core.policy.auto_close_after
            return
        assert due is None

    @invariant()
    def what_is_snoozed_reminds_nobody_and_comes_back(self) -> None:
        state, due = self.core.state, self.core.deadlines
        assert (state.snooze is not None) is self.is_snoozed
        assert (DeadlineKind.snooze_ends in due) is self.is_snoozed
        if self.is_snoozed:
            assert state.status is Status.assigned
            assert not due.keys() & AWAKE_ONLY

    @property
    def closes_from(self) -> datetime:
        """When silence began, or what was promised by hand is over."""
        moments = (self.quiet_since, self.resumed_at, self.core.state.promised_until)
        return max(at for at in moments if at)

    @invariant()
    def the_state_says_what_is_due_and_why(self) -> None:
        state, due = self.core.state, self.core.deadlines
        assert state.deadlines == {kind: due[kind] for kind in due if BY_KIND[kind].is_shown}
        assert set(state.counted_from) <= set(state.deadlines)
        told = in_words(state.deadlines, state.counted_from)
        assert len(told) == len([kind for kind in state.deadlines if BY_KIND[kind].what])
        assert not any(each.since and each.since > self.now for each in told)

    @invariant()
    def texts_wait_only_in_an_open_conversation_and_in_order(self) -> None:
        times = [text.at for text in self.core.state.scheduled]
        assert times == sorted(times)
        assert len(times) <= MOST
        assert self.core.is_open or not times

    @invariant()
    def a_survey_runs_only_where_it_may(self) -> None:
        state, policy = self.core.state, self.core.policy
        if state.survey is None:
            assert state.status is not Status.survey
            return
        silent = () if policy.survey.after_auto_close else (CloseReason.auto_close,)
        assert state.close_reason not in (CloseReason.opt_out, CloseReason.system, *silent)
        assert Automatic.survey_question in policy.texts
        assert 1 <= state.survey.asked <= policy.survey.questions
        assert state.consumer_texts >= policy.survey.minimum_texts

    @invariant()
    def a_score_is_on_its_scale_and_makes_the_survey_complete(self) -> None:
        survey, policy = self.core.state.survey, self.core.policy.survey
        if survey is None or survey.score is None:
            assert survey is None or survey.outcome != SurveyOutcome.completed
            assert survey is None or (survey.answers, survey.follow_up) == ([], None)
            return
        scale = policy.scale
        assert survey.score in scale.values
        assert (survey.scale, survey.is_satisfied) == (
            scale.name,
            survey.score >= scale.satisfied_from,
        )
        assert survey.outcome in (None, SurveyOutcome.completed)
        asked = [answer.question for answer in survey.answers]
        assert asked == [question for question in policy.follow_ups if question in asked]

    @invariant()
    def a_late_answer_is_awaited_only_after_a_survey_nobody_answered(self) -> None:
        if not self.core.awaits_late_answer:
            return
        survey = self.core.state.survey
        assert survey is not None
        assert survey.outcome in (SurveyOutcome.expired, SurveyOutcome.ignored)
        assert self.core.policy.survey.late_within
        assert self.core.next_deadline == survey.late_until

    @invariant()
    def consent_and_count_are_as_told(self) -> None:
        assert self.core.state.is_opted_out is self.is_opted_out
        assert self.core.state.message_count == self.position
