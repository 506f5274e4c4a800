"""Any events in any order, with a clock that moves; `expectation.py` says what must hold."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from domain.automatic.kinds import Automatic
from domain.consent.keyword import Keyword
from domain.consent.keywords import keyword_in
from domain.conversation.effects import MediaRef
from domain.conversation.inputs import Person, ReceivedText
from domain.conversation.kinds import Status
from domain.conversation.settings_refresh import LanguageChange
from domain.conversation.state import ConsumerFacts
from domain.hours.open_hours import Interval, OpenHours
from domain.language_settings import LanguageSource
from domain.policy.policy import AgentSilentPolicy, Policy
from domain.settings.kinds import TransferTargets
from domain.text.limits import OUTGOING
from tests.domain.conversation.bot_rules import AGENT_TEXTS, SELDOM, SERVED, BotRules
from tests.domain.conversation.test_timers import timed
from tests.domain.scenario import ADA, ANN, BEN, MIA, SALES, SUPPORT, TEN, with_texts
from tests.domain.survey.designs import surveyed
from tests.examples import many

WORDY = with_texts(SUPPORT, auto_closed="Closed.", survey_expired="Too late.")
SILENT = SUPPORT.model_copy(update={"texts": {}, "prefix": "Automatic:"})

PEOPLE = st.sampled_from([ANN, BEN, MIA, ADA])
HOLDER_OR_ANYONE = st.one_of(st.none(), st.none(), st.none(), PEOPLE)
WATCHED = timed(SUPPORT, agent_silent=20).model_copy(
    update={
        "skill_id": "watched",
        "response_time": timedelta(minutes=30),
        "first_response_time": timedelta(minutes=5),
        "hours": OpenHours(
            intervals=tuple(
                Interval(
                    opens_at=TEN + timedelta(days=day), closes_at=TEN + timedelta(days=day + 0.4)
                )
                for day in range(20)
            ),
            known_until=TEN + timedelta(days=365),
        ),
        "agent_silent": AgentSilentPolicy(
            nudge=timedelta(minutes=10), reroute=timedelta(minutes=20)
        ),
        "transfer_targets": TransferTargets.listed,
        "allowed_targets": ("sales",),
        "transfers_in_a_row": 3,
    }
)
TIMED = with_texts(
    timed(WATCHED, repeats=3, waiting_in_queue=15, agent_silent=10, consumer_silent=45),
    first_welcome_off_hours="Closed. Welcome!",
    off_hours="Closed.",
    media_refused="Pictures only.",
).model_copy(update={"agent_silent": AgentSilentPolicy(reroute=timedelta(hours=1))})
WARNED = timed(SUPPORT, auto_close_warning=60, consumer_silent=200, waiting_in_queue=60)
POLICIES = st.one_of(
    st.sampled_from([SUPPORT, SALES, WORDY, SILENT, WATCHED, TIMED, TIMED, WARNED, SERVED]),
    surveyed([SUPPORT, SUPPORT, WORDY, SILENT, WARNED]),
)
PROMISES = st.sampled_from([None, timedelta(minutes=1), timedelta(days=2)])
WORDS = ["hello?", "my parcel is broken", "thanks", "4", "no"]
CONSUMER_TEXTS = st.sampled_from([*WORDS, *WORDS, *WORDS, "STOP", "start", "help", "yes", "", "🛑"])
ANSWERS = st.sampled_from(
    ["5", "4 but slow", "no", "hello?", "my parcel is broken", "help", "👍", "great", "9", "1"]
)
NOTES = st.sampled_from([None, None, "", "angry", "x" * (OUTGOING + 1)])
AHEAD = st.sampled_from([timedelta(seconds=30), timedelta(minutes=20), timedelta(hours=5)])
SPANS = st.one_of(
    st.just(timedelta(0)),
    st.timedeltas(timedelta(seconds=1), timedelta(hours=6)),
    st.sampled_from([timedelta(hours=1), timedelta(hours=2), timedelta(hours=4), timedelta(1)]),
)


class AnyOrder(BotRules):
    """Everything that can happen, as the workflow lets it happen."""

    # The consumer

    @initialize(policy=POLICIES, text=CONSUMER_TEXTS, first=st.booleans(), out=SELDOM)
    def opens(self, policy: Policy, text: str, first: bool, out: bool) -> None:
        facts = ConsumerFacts(is_first=first, is_opted_out=out, continues=not first and not out)
        self.is_opted_out = out
        self._open_with(policy, facts, self._incoming(text))

    def _open_with(self, policy: Policy, facts: ConsumerFacts, incoming: ReceivedText) -> None:
        self.begin(policy, facts, "consumer")
        now = self.now
        self._expect_text(incoming, is_first=True)
        assert self.step(lambda core: core.opened_by_consumer(incoming, facts, now))

    @rule(text=CONSUMER_TEXTS, policy=POLICIES)
    def consumer_texts(self, text: str, policy: Policy) -> None:
        incoming = self._incoming(text)
        self._arrive(incoming, policy)
        assert incoming.message_id in self.message_ids  # in one conversation or the next

    def _arrive(self, incoming: ReceivedText, policy: Policy) -> None:
        now = self.now
        if self.core.takes(incoming):
            self._expect_text(incoming)
            assert self.step(lambda core: core.consumer_texted(incoming, now))
            self._do_what_is_due()  # a bot may have reached its limit
            return
        self.step(lambda core: core.survey_interrupted(now))
        assert self.core.state.status is Status.closed
        assert not self.core.awaits_late_answer
        facts = ConsumerFacts(is_first=False, is_opted_out=self.is_opted_out)
        self._open_with(policy, facts, incoming)

    def _incoming(self, text: str) -> ReceivedText:
        keyword = keyword_in(text, is_opted_out=self.is_opted_out)
        handled = self.count % 3 == 0
        vcard = (MediaRef(url="https://m/1", content_type="text/x-vcard"),)
        return ReceivedText(
            self.key(),
            text,
            keyword=keyword,
            provider_handled=handled,
            media=vcard if self.count % 4 == 0 else (),
            received_at=self.now,
        )

    def _expect_text(self, text: ReceivedText, *, is_first: bool = False) -> None:
        self.quiet_since = self.now
        if is_first:
            reaches_somebody = not text.keyword and not self.is_opted_out
        else:
            changes = text.keyword is Keyword.stop or (text.keyword and self.is_opted_out)
            reaches_somebody = not changes
        if reaches_somebody and self.core.is_open:
            self.unanswered = self.unanswered or self.now

    @precondition(
        lambda self: self.core.state.status is Status.survey or self.core.awaits_late_answer
    )
    @rule(text=ANSWERS)
    def consumer_rates(self, text: str) -> None:
        self.consumer_texts(text, SUPPORT)

    @rule(happens=SELDOM)
    def provider_refuses_an_opted_out_number(self, happens: bool) -> None:
        if happens:
            assert self.step(lambda core: core.consumer_opted_out(self.now))

    # Agents and managers

    @precondition(lambda self: self.was_closed and not self.is_opted_out)
    @rule(person=PEOPLE, policy=POLICIES)
    def agent_opens(self, person: Person, policy: Policy) -> None:
        self.begin(policy, ConsumerFacts(is_first=False), person.agent_id)
        key = self.key()
        self.quiet_since = self.now
        assert self.step(lambda core: core.opened_by_agent(person, "Hello", key, self.now))

    @rule(who=HOLDER_OR_ANYONE, text=AGENT_TEXTS)
    def replies(self, who: Person | None, text: str) -> None:
        person, key = self._person(who), self.key()
        if self.step(lambda core: core.agent_replied(person, text, key, self.now)):
            self.quiet_since = self.now

    @rule(who=HOLDER_OR_ANYONE, text=AGENT_TEXTS)
    def notes(self, who: Person | None, text: str) -> None:
        person, key, deadlines = self._person(who), self.key(), self.core.deadlines
        self.step(lambda core: core.notes.added(person, text, key, self.now))
        assert self.core.deadlines == deadlines

    @rule(who=HOLDER_OR_ANYONE, policy=POLICIES, note=NOTES)
    def transfers_to_skill(self, who: Person | None, policy: Policy, note: str | None) -> None:
        person, key = self._person(who), self.key()
        self.step(
            lambda core: core.transfers.transferred_to_skill(person, policy, note, key, self.now)
        )
        self._do_what_is_due()  # in the new skill a reminder may have been due before

    @rule(who=HOLDER_OR_ANYONE, to=PEOPLE, note=NOTES)
    def transfers_to_agent(self, who: Person | None, to: Person, note: str | None) -> None:
        person, key = self._person(who), self.key()
        self.step(lambda core: core.transfers.transferred_to_agent(person, to, note, key, self.now))

    @rule(who=HOLDER_OR_ANYONE, note=NOTES)
    def returns(self, who: Person | None, note: str | None) -> None:
        person, key = self._person(who), self.key()
        self.step(lambda core: core.transfers.returned_to_queue(person, note, key, self.now))

    @rule(who=HOLDER_OR_ANYONE)
    def closes(self, who: Person | None) -> None:
        person, key = self._person(who), self.key()
        self.step(lambda core: core.agent_closed(person, key, self.now))

    @rule(who=HOLDER_OR_ANYONE, allowed=PROMISES)
    def promises(self, who: Person | None, allowed: timedelta | None) -> None:
        person, key = self._person(who), self.key()
        if self.step(lambda core: core.promises.response_time_set(person, allowed, key, self.now)):
            assert self.core.state.response_is_manual is (allowed is not None)
            assert allowed is None or not self.core.state.auto_close_at
            self.said[Automatic.auto_close_warning] = 0
            if allowed is None:
                self._goes_on()

    @rule(who=HOLDER_OR_ANYONE)
    def holds_auto_close(self, who: Person | None) -> None:
        person, key = self._person(who), self.key()
        if self.step(lambda core: core.auto_close.held(person, key, self.now)):
            self.is_held = True

    @rule(who=HOLDER_OR_ANYONE)
    def resumes_auto_close(self, who: Person | None) -> None:
        person, key, was_held = self._person(who), self.key(), self.is_held
        if self.step(lambda core: core.auto_close.resumed(person, key, self.now)) and was_held:
            self.is_held = False
            self._goes_on()

    @rule(who=HOLDER_OR_ANYONE, span=st.one_of(st.none(), AHEAD))
    def snoozes(self, who: Person | None, span: timedelta | None) -> None:
        person, key = self._person(who), self.key()
        until = self.now + span if span else None
        if self.step(lambda core: core.snoozing.snoozed(person, until, key, self.now)):
            assert self.is_snoozed

    @precondition(lambda self: self.is_snoozed)
    @rule(who=HOLDER_OR_ANYONE)
    def ends_the_snooze(self, who: Person | None) -> None:
        person, key = self._person(who), self.key()
        if self.step(lambda core: core.snoozing.ended_by_agent(person, key, self.now)):
            assert not self.is_snoozed

    @rule(who=HOLDER_OR_ANYONE, text=AGENT_TEXTS, span=AHEAD, unless_answered=st.booleans())
    def schedules(
        self, who: Person | None, text: str, span: timedelta, unless_answered: bool
    ) -> None:
        person, key, at = self._person(who), self.key(), self.now + span
        self.step(
            lambda core: core.scheduled_texts.text_scheduled(
                person, text, at, key, self.now, unless_answered=unless_answered
            )
        )

    @precondition(lambda self: self.core.state.scheduled)
    @rule(who=HOLDER_OR_ANYONE, is_known=st.booleans())
    def cancels(self, who: Person | None, is_known: bool) -> None:
        person, key, kept = self._person(who), self.key(), self.core.state.scheduled
        text_id = kept[-1].id if is_known else "unknown"
        if self.step(
            lambda core: core.scheduled_texts.text_cancelled(person, text_id, key, self.now)
        ):
            assert text_id not in [one.id for one in self.core.state.scheduled]

    @rule(who=HOLDER_OR_ANYONE, language=st.sampled_from(["en", "fr"]))
    def sets_the_language(self, who: Person | None, language: str) -> None:
        person, key = self._person(who), self.key()
        spoken = self._spoken(language, LanguageSource.agent)
        if self.step(lambda core: core.settings.language_set(person, spoken, key, self.now)):
            assert self.core.state.language == language

    @rule(language=st.sampled_from(["en", "fr"]))
    def language_is_recognised(self, language: str) -> None:
        spoken = self._spoken(language, LanguageSource.recognised)
        assert self.step(lambda core: core.settings.language_recognised(spoken, self.now))

    def _spoken(self, language: str, source: LanguageSource) -> LanguageChange:
        policy = self.core.policy.model_copy(update={"language": language})
        return LanguageChange(language, source, policy)

    @rule(person=PEOPLE)
    def manager_joins(self, person: Person) -> None:
        key = self.key()
        self.step(lambda core: core.managers.manager_joined(person, key, self.now))

    @rule(person=PEOPLE)
    def manager_leaves(self, person: Person) -> None:
        key = self.key()
        self.step(lambda core: core.managers.manager_left(person, key, self.now))

    @rule(person=PEOPLE, happens=SELDOM)
    def manager_takes_over(self, person: Person, happens: bool) -> None:
        key = self.key()
        if happens and self.step(
            lambda core: core.managers.manager_took_over(person, key, self.now)
        ):
            assert self.core.state.agent_id == person.agent_id

    @precondition(lambda self: self.core.state.status is Status.assigned)
    @rule()
    def holder_answers(self) -> None:
        self.replies(None, "Hi")

    def _person(self, who: Person | None) -> Person:
        holder = self.core.state.agent_id
        return who or next((p for p in (ANN, BEN, ADA) if p.agent_id == holder), MIA)

    # Offers

    @rule(person=PEOPLE, late=st.sampled_from([0, 0, 0, 1]))
    def router_offers(self, person: Person, late: int) -> None:
        ticket = self.core.state.ticket - late
        self.step(lambda core: core.queue.agent_offered(ticket, person.agent_id, self.now))

    @rule(who=HOLDER_OR_ANYONE)
    def accepts(self, who: Person | None) -> None:
        person, key = who or self._rung(), self.key()
        if self.step(lambda core: core.queue.offer_accepted(person, key, self.now)):
            assert self.core.state.agent_id == person.agent_id

    @rule(who=HOLDER_OR_ANYONE)
    def declines(self, who: Person | None) -> None:
        person, key, age = who or self._rung(), self.key(), self.core.state.age_since
        if self.step(lambda core: core.queue.offer_declined(person, key, self.now)):
            assert person.agent_id in self.core.state.not_accepted_by
            assert self.core.state.age_since == age

    def _rung(self) -> Person:
        offered = self.core.state.offered_agent_id
        return next((p for p in (ANN, BEN, MIA, ADA) if p.agent_id == offered), MIA)

    @rule(person=PEOPLE, happens=SELDOM)
    def picks_up(self, person: Person, happens: bool) -> None:
        key = self.key()
        if happens and self.step(lambda core: core.queue.picked_up(person, key, self.now)):
            assert self.core.state.agent_id == person.agent_id

    @rule(person=PEOPLE)
    def agent_is_gone(self, person: Person) -> None:
        age = self.core.state.age_since
        self.step(lambda core: core.queue.agent_left(person.agent_id, self.now))
        state = self.core.state
        assert person.agent_id != state.offered_agent_id
        assert state.status is not Status.assigned or person.agent_id != state.agent_id
        assert age is None or state.age_since == age

    # The router and time

    @rule(person=PEOPLE, late=st.sampled_from([0, 0, 0, 1]))
    def router_chooses(self, person: Person, late: int) -> None:
        was, ticket = self.core.state.status, self.core.state.ticket - late
        self.step(
            lambda core: core.queue.agent_assigned(ticket, person.agent_id, person.name, self.now)
        )
        is_taken = was is Status.waiting and not late
        assert is_taken is (self.core.state.assigned_at == self.now and was is Status.waiting)

    @rule(span=SPANS)
    def time_passes(self, span: timedelta) -> None:
        self.now += span
        self._read_hours()
        self._do_what_is_due()
        due = self.core.next_deadline
        assert due is None or due > self.now

    def _read_hours(self) -> None:
        """Do as the workflow, which knows of fresh hours before it says what is due."""
        if self.core.settings.needs_hours(self.now):
            assert self.step(lambda core: core.settings.hours_refreshed(OpenHours(), self.now))

    @rule()
    def time_is_looked_at_early(self) -> None:
        self._read_hours()
        state, due = self.core.state.model_copy(deep=True), self.core.next_deadline
        assert due is None or due > self.now
        self.step(lambda core: core.time_passed(self.now))
        assert self.core.state == state

    @precondition(lambda self: self.core.next_deadline is not None)
    @rule()
    def nothing_happens_until_the_deadline(self) -> None:
        self._read_hours()
        due = self.core.next_deadline
        if due is not None:
            self.time_passes(due - self.now)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=many(30), stateful_step_count=40)
