"""One conversation with a clock: short words for what people do, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from activities.reading import read_as_answer
from domain.automatic.kinds import Automatic
from domain.automatic.texts.defaults import default_texts
from domain.consent.keywords import keyword_in
from domain.conversation.conversation import Conversation
from domain.conversation.effects import Effect, Happened, MediaRef, MessageWritten
from domain.conversation.inputs import (
    AS_USUAL,
    Closure,
    Identity,
    Person,
    ReceivedText,
    begin,
)
from domain.conversation.kinds import EventKind, Status
from domain.conversation.settings_refresh import LanguageChange
from domain.conversation.state import ConsumerFacts, ConversationState
from domain.conversation.survey_inputs import UNREAD, AnswerReading
from domain.language_settings import LanguageSource
from domain.people.roles import Role
from domain.policy.policy import Policy
from domain.survey.kinds import Meaning, QuestionSeen
from domain.survey.policy import SurveyPolicy

TEN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)

ANN = Person("ann", "Ann", Role.agent)
BEN = Person("ben", "Ben", Role.agent)
MIA = Person("mia", "Mia", Role.manager)
ADA = Person("ada", "Ada", Role.admin)

FIRST_TIME = ConsumerFacts(is_first=True)
RETURNING = ConsumerFacts(is_first=False)

SUPPORT = Policy(
    brand="Acme",
    skill_id="support",
    skill_name="Support",
    texts=default_texts("en"),
    auto_close_after=timedelta(hours=4),
    agent_transfer_fallback=timedelta(hours=2),
    survey=SurveyPolicy(timeout=timedelta(hours=1), questions=3),
)
SALES = SUPPORT.model_copy(update={"skill_id": "sales", "skill_name": "Sales", "priority": 5})


def with_texts(policy: Policy, **texts: str) -> Policy:
    """Return a policy with other texts for some automatic messages; an empty text turns one off."""
    changed = policy.texts | {Automatic(event): text for event, text in texts.items()}
    on = {event: text for event, text in changed.items() if text}
    return policy.model_copy(update={"texts": on})


def fresh(policy: Policy, facts: ConsumerFacts, opened_by: str, number: int = 1) -> Conversation:
    """Return a conversation that opens at ten o'clock."""
    identity = Identity(f"conversation-{number}", "acme", "acme-support", "ada", number)
    return Conversation(begin(identity, policy, facts, opened_by, TEN), policy)


def heard_by(
    core: Conversation, text: ReceivedText, *, seen: QuestionSeen = QuestionSeen.question
) -> AnswerReading:
    """Return how a text is read, where it may be an answer."""
    asking = core.question_for(text)
    return (
        read_as_answer(text.text, asking.scale).model_copy(update={"seen": seen})
        if asking
        else UNREAD
    )


@dataclass
class Scenario:
    """A conversation, the time, and the effects of the last step and of all of them."""

    core: Conversation
    facts: ConsumerFacts = FIRST_TIME
    now: datetime = TEN
    step: list[Effect] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    keys: int = 0
    causes: int = 0

    @property
    def state(self) -> ConversationState:
        return self.core.state

    @property
    def status(self) -> Status:
        return self.core.state.status

    @property
    def said(self) -> list[str]:
        """What the system said in the last step, by event."""
        return [m.automatic.value for m in self.messages if m.automatic]

    @property
    def messages(self) -> list[MessageWritten]:
        return [effect for effect in self.step if isinstance(effect, MessageWritten)]

    @property
    def transcript(self) -> list[MessageWritten]:
        return [effect for effect in self.effects if isinstance(effect, MessageWritten)]

    def events(self, kind: EventKind) -> list[Happened]:
        """Return what happened of one kind, from the opening on."""
        return [e for e in self.effects if isinstance(e, Happened) and e.kind is kind]

    def does(self, act: Callable[[Conversation], object]) -> None:
        """Carry out an event on the conversation, and take its effects."""
        self.step = []
        self.causes += 1
        self.core.caused_by(f"cause-{self.causes}")
        try:
            act(self.core)
        finally:
            self.step = self.core.take_effects()
            self.effects += self.step

    def passes(self, **span: float) -> None:
        """Let time pass, waking the conversation at each of its deadlines on the way."""
        until = self.now + timedelta(**span)
        step = []
        while (due := self.core.next_deadline) is not None and due <= until:
            self.now = max(self.now, due)
            self.does(lambda core: core.time_passed(self.now))
            step += self.step
        self.now, self.step = until, step

    def incoming(
        self,
        text: str,
        *,
        provider_handled: bool = False,
        media: tuple[MediaRef, ...] = (),
        late: timedelta | None = None,
        is_filed: bool = False,
    ) -> ReceivedText:
        """Return a text as it is stored, with its keyword read when consent was known."""
        self.keys += 1
        keyword = keyword_in(text, is_opted_out=self.state.is_opted_out)
        return ReceivedText(
            f"in-{self.keys}",
            text,
            keyword=keyword,
            provider_handled=provider_handled,
            media=media,
            sent_at=self.now - late if late else None,
            is_filed=is_filed,
            received_at=self.now,
        )

    def texts(
        self,
        text: str,
        *,
        provider_handled: bool = False,
        media: tuple[MediaRef, ...] = (),
        meaning: Meaning | None = None,
        seen: QuestionSeen = QuestionSeen.question,
        late: timedelta | None = None,
        is_filed: bool = False,
    ) -> None:
        """Have the consumer text; the first text opens. `meaning`: how it is read, if not as is.

        `late`: how long ago it was sent, if it was fetched.
        """
        incoming = self.incoming(
            text, provider_handled=provider_handled, media=media, late=late, is_filed=is_filed
        )
        if self.state.message_count == 0:
            self.does(lambda core: core.opened_by_consumer(incoming, self.facts, self.now))
            return
        reading = self.hears(incoming, seen=seen)
        reading = reading.model_copy(update={"meaning": meaning}) if meaning else reading
        assert self.core.takes(incoming, reading)
        self.does(lambda core: core.consumer_texted(incoming, self.now, reading))

    def hears(
        self, text: ReceivedText, *, seen: QuestionSeen = QuestionSeen.question
    ) -> AnswerReading:
        """Return how a text is read, where it may be an answer."""
        return heard_by(self.core, text, seen=seen)

    def routes_to(self, person: Person, *, ticket: int | None = None) -> None:
        chosen = self.state.ticket if ticket is None else ticket
        self.does(
            lambda core: core.queue.agent_assigned(chosen, person.agent_id, person.name, self.now)
        )

    def rings_at(self, person: Person, *, ticket: int | None = None) -> None:
        chosen = self.state.ticket if ticket is None else ticket
        self.does(lambda core: core.queue.agent_offered(chosen, person.agent_id, self.now))

    def accepts(self, person: Person) -> None:
        key = self._key()
        self.does(lambda core: core.queue.offer_accepted(person, key, self.now))

    def declines(self, person: Person) -> None:
        key = self._key()
        self.does(lambda core: core.queue.offer_declined(person, key, self.now))

    def picks(self, person: Person) -> None:
        key = self._key()
        self.does(lambda core: core.queue.picked_up(person, key, self.now))

    def leaves_for_good(self, person: Person) -> None:
        self.does(lambda core: core.queue.agent_left(person.agent_id, self.now))

    def promises(self, person: Person, allowed: timedelta | None) -> None:
        key = self._key()
        self.does(lambda core: core.promises.response_time_set(person, allowed, key, self.now))

    def joins(self, person: Person) -> None:
        key = self._key()
        self.does(lambda core: core.managers.manager_joined(person, key, self.now))

    def leaves(self, person: Person) -> None:
        key = self._key()
        self.does(lambda core: core.managers.manager_left(person, key, self.now))

    def takes_over(self, person: Person, *, reason: str | None = None) -> None:
        key = self._key()
        self.does(lambda core: core.managers.manager_took_over(person, key, self.now, reason))

    def holds(self, person: Person) -> None:
        key = self._key()
        self.does(lambda core: core.auto_close.held(person, key, self.now))

    def resumes(self, person: Person) -> None:
        key = self._key()
        self.does(lambda core: core.auto_close.resumed(person, key, self.now))

    def snoozes(self, person: Person, **span: float) -> None:
        """Have a person put it away for so long; without a span until the consumer's text."""
        key, until = self._key(), self.now + timedelta(**span) if span else None
        self.does(lambda core: core.snoozing.snoozed(person, until, key, self.now))

    def ends_snooze(self, person: Person) -> None:
        key = self._key()
        self.does(lambda core: core.snoozing.ended_by_agent(person, key, self.now))

    def schedules(
        self,
        person: Person,
        text: str = "As promised.",
        *,
        unless_answered: bool = False,
        **span: float,
    ) -> str:
        """Have a person schedule a text for so long from now. Returns its id."""
        key, at = self._key(), self.now + timedelta(**span)
        self.does(
            lambda core: core.scheduled_texts.text_scheduled(
                person, text, at, key, self.now, unless_answered=unless_answered
            )
        )
        return next(one.id for one in self.state.scheduled if one.command_key == key)

    def cancels(self, person: Person, text_id: str) -> None:
        key = self._key()
        self.does(lambda core: core.scheduled_texts.text_cancelled(person, text_id, key, self.now))

    def speaks(self, person: Person, language: str, policy: Policy) -> None:
        key = self._key()
        spoken = LanguageChange(language, LanguageSource.agent, policy)
        self.does(lambda core: core.settings.language_set(person, spoken, key, self.now))

    def replies(self, person: Person, text: str = "How can I help?") -> None:
        key = self._key()
        self.does(lambda core: core.agent_replied(person, text, key, self.now))

    def notes(self, person: Person, text: str = "angry", *, mentions: Sequence[str] = ()) -> None:
        key = self._key()
        self.does(lambda core: core.notes.added(person, text, key, self.now, mentions))

    def transfers(
        self, person: Person, to: Policy | Person = SALES, *, note: str | None = None
    ) -> None:
        key = self._key()
        if isinstance(to, Person):
            self.does(
                lambda core: core.transfers.transferred_to_agent(person, to, note, key, self.now)
            )
            return
        self.does(lambda core: core.transfers.transferred_to_skill(person, to, note, key, self.now))

    def returns(self, person: Person, *, note: str | None = None) -> None:
        key = self._key()
        self.does(lambda core: core.transfers.returned_to_queue(person, note, key, self.now))

    def closes(self, person: Person, closure: Closure = AS_USUAL) -> None:
        key = self._key()
        self.does(lambda core: core.agent_closed(person, key, self.now, closure))

    def _key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"


def scenario(policy: Policy = SUPPORT, facts: ConsumerFacts = FIRST_TIME) -> Scenario:
    """Return a scenario nobody has texted yet."""
    return Scenario(fresh(policy, facts, "consumer"), facts)


def waiting(policy: Policy = SUPPORT, facts: ConsumerFacts = FIRST_TIME) -> Scenario:
    """Return a conversation a consumer opened, which waits for an agent."""
    opened = scenario(policy, facts)
    opened.texts("hello")
    return opened


def with_ann(policy: Policy = SUPPORT) -> Scenario:
    """Return a conversation that Ann holds; the consumer waits for her."""
    held = waiting(policy)
    held.routes_to(ANN)
    return held


def answered(policy: Policy = SUPPORT) -> Scenario:
    """Return a conversation in which Ann wrote last: it is pending the consumer."""
    held = with_ann(policy)
    held.replies(ANN)
    return held


def in_survey(policy: Policy = SUPPORT) -> Scenario:
    """Return a conversation Ann closed, whose consumer is being asked to rate."""
    rated = answered(policy)
    rated.closes(ANN)
    assert rated.status is Status.survey
    return rated


def closed(policy: Policy = SUPPORT) -> Scenario:
    """Return a conversation that is closed and rated."""
    over = in_survey(policy)
    over.texts("5")
    assert over.status is Status.closed
    return over


def opted_out(policy: Policy = SUPPORT) -> Scenario:
    """Return a conversation Ann holds with a consumer who opted out.

    None comes about by the rules: this is how they hold where one stands all the same.
    """
    held = waiting(policy, ConsumerFacts(is_first=False))
    held.routes_to(ANN)
    held.state.is_opted_out = True
    held.effects.clear()
    return held


def opened_by_ann(policy: Policy = SUPPORT, text: str = "Your order is ready.") -> Scenario:
    """Return a conversation Ann opened; the consumer has not written."""
    proactive = Scenario(fresh(policy, FIRST_TIME, ANN.agent_id))
    proactive.does(lambda core: core.opened_by_agent(ANN, text, "key-0", TEN))
    return proactive
