"""Any events in any order, with a clock that moves: what must hold of every conversation.

Each step is also given to a copy that went through JSON, as at a roll-over: it must do the same.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.conversation import Conversation
from domain.effects import Happened, MessageWritten
from domain.errors import DomainError
from domain.inputs import IncomingText, Person
from domain.keywords import keyword_in
from domain.limits import OUTGOING
from domain.state import ConsumerFacts, ConversationState, Policy
from domain.words import Author, Automatic, CloseReason, EventKind, PendingSide, Status
from tests.domain.desk import ADA, ANN, BEN, MIA, SALES, SUPPORT, TEN, fresh, with_texts

WORDY = with_texts(SUPPORT, auto_closed="Closed.", survey_expired="Too late.")
SILENT = SUPPORT.model_copy(update={"texts": {}, "prefix": "Automatic:"})

PEOPLE = st.sampled_from([ANN, BEN, MIA, ADA])
POLICIES = st.sampled_from([SUPPORT, SALES, WORDY, SILENT])
CONSUMER_TEXTS = st.one_of(
    st.sampled_from(["STOP", "start", "help", "yes", "4", "no", "hello?", "my parcel is broken"]),
    st.text(max_size=30),
)
AGENT_TEXTS = st.sampled_from(["Hi", "How can I help?", "", "x" * OUTGOING, "x" * (OUTGOING + 1)])
NOTES = st.sampled_from([None, "", "angry", "x" * (OUTGOING + 1)])
SPANS = st.one_of(
    st.just(timedelta(0)),
    st.timedeltas(timedelta(seconds=1), timedelta(hours=6)),
    st.sampled_from([timedelta(hours=1), timedelta(hours=2), timedelta(hours=4), timedelta(1)]),
)
Act = Callable[[Conversation], object]


def through_json(core: Conversation) -> Conversation:
    """Return the conversation as a fresh run of its workflow finds it."""
    state = ConversationState.model_validate_json(core.state.model_dump_json())
    assert state == core.state
    return Conversation(state, Policy.model_validate_json(core.policy.model_dump_json()))


def refusal_of(core: Conversation, act: Act) -> str | None:
    """Let `act` happen; return the code of the rule that refused it."""
    try:
        act(core)
    except DomainError as refused:
        return refused.code
    return None


class AnyOrder(RuleBasedStateMachine):
    """One line and consumer: a conversation after the other, as the workflow drives them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = TEN
        self.opened = 0
        self.count = 0
        self.message_ids: set[str] = set()

    # What is expected, kept apart from the code under test

    def _begin(self, policy: Policy, facts: ConsumerFacts, opened_by: str) -> None:
        self.opened += 1
        self.core = fresh(policy, facts, opened_by, self.opened)
        self.position = self.ticket = 0
        self.is_opted_out = facts.is_opted_out
        self.was_closed = False
        self.unanswered: datetime | None = None
        self.quiet_since: datetime | None = None

    def _step(self, act: Act) -> bool:
        """Let something happen to the conversation and to its copy; say whether it was done."""
        copy, before = through_json(self.core), self.core.state.model_copy(deep=True)
        policy = self.core.policy
        refusal = refusal_of(self.core, act)
        assert refusal_of(copy, act) == refusal
        effects = self.core.take_effects()
        assert (copy.take_effects(), copy.state, copy.policy) == (
            effects,
            self.core.state,
            self.core.policy,
        )
        if refusal or self.was_closed:
            assert (effects, self.core.state, self.core.policy) == ([], before, policy)
        for effect in effects:
            self._look_at(effect)
        return refusal is None

    def _look_at(self, effect: MessageWritten | Happened) -> None:
        if isinstance(effect, MessageWritten):
            self._look_at_message(effect)
            return
        assert effect.at == self.now
        if effect.kind in (EventKind.opted_out, EventKind.opted_in):
            self.is_opted_out = effect.kind is EventKind.opted_out
        if effect.kind is EventKind.conversation_queued:
            self.ticket += 1
        if effect.kind is EventKind.conversation_closed:
            self.unanswered = None

    def _look_at_message(self, message: MessageWritten) -> None:
        self.position += 1
        assert message.position == self.position
        assert message.message_id not in self.message_ids
        self.message_ids.add(message.message_id)
        assert message.is_to_send is (message.author in (Author.agent, Author.system))
        if message.is_to_send:
            assert message.text.strip()
            assert len(message.text) <= OUTGOING
            assert message.segments > 0
            assert not self.is_opted_out or message.is_consent_reply
        if message.author is Author.system:
            assert message.automatic in self.core.policy.texts

    def _key(self) -> str:
        self.count += 1
        return f"key-{self.count}"

    # The consumer

    @initialize(policy=POLICIES, text=CONSUMER_TEXTS, first=st.booleans(), out=st.booleans())
    def opens(self, policy: Policy, text: str, first: bool, out: bool) -> None:
        facts = ConsumerFacts(is_first=first, is_opted_out=out, continues=not first and not out)
        self._open_with(policy, facts, text)

    def _open_with(self, policy: Policy, facts: ConsumerFacts, text: str) -> None:
        self._begin(policy, facts, "consumer")
        incoming, now = self._incoming(text), self.now
        self._expect_text(incoming)
        assert self._step(lambda core: core.opened_by_consumer(incoming, facts, now))

    @rule(text=CONSUMER_TEXTS, policy=POLICIES)
    def consumer_texts(self, text: str, policy: Policy) -> None:
        incoming, now = self._incoming(text), self.now
        if self.core.takes(incoming):
            self._expect_text(incoming)
            assert self._step(lambda core: core.consumer_texted(incoming, now))
            return
        self._step(lambda core: core.let_go(now))
        assert self.core.state.status is Status.closed
        facts = ConsumerFacts(is_first=False, is_opted_out=self.is_opted_out)
        self._open_with(policy, facts, text)

    def _incoming(self, text: str) -> IncomingText:
        keyword = keyword_in(text, is_opted_out=self.is_opted_out)
        handled = self.count % 3 == 0
        return IncomingText(self._key(), text, keyword=keyword, provider_handled=handled)

    def _expect_text(self, text: IncomingText) -> None:
        self.quiet_since = self.now
        if not text.keyword and self.core.is_open:
            self.unanswered = self.unanswered or self.now

    @rule()
    def provider_refuses_an_opted_out_number(self) -> None:
        assert self._step(lambda core: core.consumer_opted_out(self.now))

    # Agents and managers

    @precondition(lambda self: self.was_closed and not self.is_opted_out)
    @rule(person=PEOPLE, policy=POLICIES)
    def agent_opens(self, person: Person, policy: Policy) -> None:
        self._begin(policy, ConsumerFacts(is_first=False), person.agent_id)
        key = self._key()
        self.quiet_since = self.now
        assert self._step(lambda core: core.opened_by_agent(person, "Hello", key, self.now))

    @rule(person=PEOPLE, text=AGENT_TEXTS)
    def replies(self, person: Person, text: str) -> None:
        key = self._key()
        if self._step(lambda core: core.replied(person, text, key, self.now)):
            self.quiet_since, self.unanswered = self.now, None

    @rule(person=PEOPLE, text=AGENT_TEXTS)
    def notes(self, person: Person, text: str) -> None:
        key, deadlines = self._key(), self.core.deadlines
        self._step(lambda core: core.noted(person, text, key, self.now))
        assert self.core.deadlines == deadlines

    @rule(person=PEOPLE, policy=POLICIES, note=NOTES)
    def transfers_to_skill(self, person: Person, policy: Policy, note: str | None) -> None:
        key = self._key()
        self._step(lambda core: core.transferred_to_skill(person, policy, note, key, self.now))

    @rule(person=PEOPLE, to=PEOPLE, note=NOTES)
    def transfers_to_agent(self, person: Person, to: Person, note: str | None) -> None:
        key = self._key()
        self._step(lambda core: core.transferred_to_agent(person, to, note, key, self.now))

    @rule(person=PEOPLE, note=NOTES)
    def returns(self, person: Person, note: str | None) -> None:
        key = self._key()
        if self._step(lambda core: core.returned_to_queue(person, note, key, self.now)):
            self.quiet_since = self.now

    @rule(person=PEOPLE)
    def closes(self, person: Person) -> None:
        key = self._key()
        self._step(lambda core: core.closed(person, key, self.now))

    # The router and time

    @rule(person=PEOPLE, late=st.sampled_from([0, 0, 0, 1]))
    def router_chooses(self, person: Person, late: int) -> None:
        was, ticket = self.core.state.status, self.core.state.ticket - late
        self._step(lambda core: core.assigned(ticket, person.agent_id, person.name, self.now))
        is_taken = was is Status.waiting and not late
        assert is_taken is (self.core.state.assigned_at == self.now and was is Status.waiting)

    @rule(span=SPANS)
    def time_passes(self, span: timedelta) -> None:
        self.now += span
        for _ in range(3):  # one thing at a time: the last finds nothing left
            assert self._step(lambda core: core.time_passed(self.now))
        due = self.core.next_deadline
        assert due is None or due > self.now

    @rule()
    def time_is_looked_at_early(self) -> None:
        state, due = self.core.state.model_copy(deep=True), self.core.next_deadline
        assert due is None or due > self.now
        self._step(lambda core: core.time_passed(self.now))
        assert self.core.state == state

    # What holds after every step

    @invariant()
    def closed_stays_closed(self) -> None:
        state = self.core.state
        is_closed = state.status is Status.closed
        assert is_closed or not self.was_closed
        self.was_closed = is_closed
        is_over = state.status in (Status.closed, Status.survey)
        assert is_over is (state.closed_at is not None) is (state.close_reason is not None)
        if is_closed:
            assert self.core.next_deadline is None
            assert state.survey is None or state.survey.outcome is not None

    @invariant()
    def every_wait_has_its_own_ticket(self) -> None:
        state = self.core.state
        assert state.ticket == self.ticket
        if state.status is Status.waiting:
            assert (state.agent_id, state.assigned_at) == (None, None)
            assert state.queued_at is not None
        if state.status is Status.assigned:
            assert state.agent_id == state.last_agent_id is not None
            assert state.wanted_agent_id is None

    @invariant()
    def a_text_waits_exactly_while_nobody_answered_it(self) -> None:
        state = self.core.state
        assert state.waiting_since == self.unanswered
        if self.unanswered:
            assert state.pending_side is PendingSide.agent

    @invariant()
    def it_closes_itself_only_while_the_consumer_is_to_write(self) -> None:
        state, due = self.core.state, self.core.deadlines.get("auto-close")
        assert state.auto_close_at == due
        if self.core.is_open and state.pending_side is PendingSide.consumer:
            assert self.quiet_since is not None
            assert due == self.quiet_since + self.core.policy.auto_close_after
            return
        assert due is None

    @invariant()
    def a_survey_runs_only_where_it_may(self) -> None:
        state, policy = self.core.state, self.core.policy
        if state.survey is None:
            assert state.status is not Status.survey
            return
        assert state.close_reason in (CloseReason.agent, CloseReason.manager)
        assert Automatic.survey_question in policy.texts
        assert 1 <= state.survey.asked <= policy.survey.questions
        assert state.consumer_texts > 0
        assert (state.survey.score is not None) is (state.survey.outcome == "completed")

    @invariant()
    def consent_and_count_are_as_told(self) -> None:
        assert self.core.state.is_opted_out is self.is_opted_out
        assert self.core.state.message_count == self.position


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
