"""Reads a conversation's events, in order, into facts. A pure function of them and of the hours.

Segments are those of contact centres: time in a queue belongs to no agent, automatic messages and
texts after the closing answer nobody, and a time counts once it has ended.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from domain.conversation.kinds import Author, CloseReason, EventKind
from domain.origins.kinds import OriginKind
from domain.reporting.deliveries import Deliveries
from domain.reporting.facts import Fact, Told
from domain.reporting.kinds import Beginning, FactKind
from domain.reporting.local_time import LocalTime, seconds
from domain.reporting.ratings import rating_facts
from domain.reporting.states import queue_facts

ANSWERS = frozenset({OriginKind.notification.value, OriginKind.call.value})
"""Origins at which our automated text came first."""


def facts_of(events: Iterable[Told], clock: LocalTime, *, is_first: bool = False) -> list[Fact]:
    """Return the facts of one conversation, from its events in order.

    `is_first`: its consumer had none before, on any line.
    """
    course = _Course(clock, is_first)
    for event in events:
        course.read(event)
    return [*course.facts, *course.deliveries.facts()]


@dataclass
class _Queue:
    """A wait in a queue."""

    since: datetime
    skill_id: str | None


@dataclass
class _Course:
    """Where a conversation is. `agent_id`: who has it, or had it last."""

    clock: LocalTime
    is_first: bool = False
    facts: list[Fact] = field(default_factory=list)
    skill_id: str | None = None
    agent_id: str | None = None
    is_held: bool = False
    queue: _Queue | None = None
    opened_at: datetime | None = None
    began: Beginning = Beginning.consumer
    texted_at: datetime | None = None
    """The consumer's first text."""
    consumer_since: datetime | None = None
    """The first of the consumer's texts that no agent has answered."""
    consumer_text: str | None = None
    agent_since: datetime | None = None
    """The first of the agents' messages that the consumer has not answered."""
    assigned_at: datetime | None = None
    """Null once that agent wrote."""
    assignments: int = 0
    agent_messages: int = 0
    has_queued: bool = False
    is_interactive: bool = False
    is_closed: bool = False
    handlers: set[str] = field(default_factory=set)
    handled_in: set[str | None] = field(default_factory=set)
    """Skills."""
    deliveries: Deliveries = field(init=False)

    def __post_init__(self) -> None:
        self.deliveries = Deliveries(self.clock)

    def read(self, event: Told) -> None:
        match event.kind:
            case EventKind.conversation_opened:
                self._opened(event)
            case EventKind.conversation_queued | EventKind.given_to_bot:
                self._queued(event)
            case EventKind.conversation_assigned:
                self._assigned(event)
            case EventKind.conversation_transferred | EventKind.conversation_returned:
                self._passed_on(event)
            case EventKind.message_added:
                self._written(event)
            case EventKind.no_answer_owed | EventKind.phone_answers:
                self._asks_nothing(event)
            case EventKind.message_status:
                self.deliveries.report(event)
            case EventKind.conversation_closed:
                self._closed(event)
            case _:
                self.facts += rating_facts(event, self.skill_id, self.agent_id)

    def _add(
        self,
        kind: FactKind,
        at: datetime,
        detail: str = "",
        *,
        agent_id: str | None = None,
        since: datetime | None = None,
        has_hours: bool = False,
        is_of_agent: bool = False,
    ) -> None:
        """Add a fact of now. `since`: when that began which it measures."""
        worked = self.clock.worked(self.skill_id, since, at) if since and has_hours else None
        self.facts.append(
            Fact(
                kind,
                at,
                self.skill_id,
                agent_id or self.agent_id,
                detail,
                value=None if since is None else seconds(at - since),
                worked=worked,
                is_of_agent=is_of_agent,
            )
        )

    # Beginning and passing on

    def _opened(self, event: Told) -> None:
        self.opened_at, self.skill_id = event.at, event.text("skill_id")
        if event.text("opened_by") == "agent":
            self.began = Beginning.agent
            self._handled(event.agent_id, event.at)
        elif event.text("origin") in ANSWERS:
            self.began = Beginning.reply
        self._add(FactKind.opened, event.at, self.began, agent_id=event.agent_id)
        if self.is_first:
            self._add(FactKind.new_consumer, event.at, agent_id=event.agent_id)

    def _queued(self, event: Told) -> None:
        self._leave_queue(event.at)
        self.skill_id = event.text("skill_id") or self.skill_id
        self.is_held, self.assigned_at = False, None
        if event.kind is EventKind.conversation_queued:
            self.has_queued = True
            self.queue = _Queue(event.at, self.skill_id)

    def _assigned(self, event: Told) -> None:
        self.agent_id, self.is_held = event.agent_id, True
        if self.queue is not None:
            since = self.queue.since
            self._add(FactKind.assignment_wait, event.at, since=since, has_hours=True)
        self._leave_queue(event.at)
        self.assigned_at = event.at
        self.assignments += 1

    def _leave_queue(self, at: datetime) -> None:
        if self.queue is None:
            return
        self.facts += queue_facts(self.clock, self.queue.skill_id, self.queue.since, at)
        self.queue = None

    def _passed_on(self, event: Told) -> None:
        detail = "queue"
        if event.kind is EventKind.conversation_transferred:
            detail = "agent" if event.text("to_agent_id") else "skill"
        self.facts.append(Fact(FactKind.transfer, event.at, self.skill_id, event.agent_id, detail))
        self.skill_id = event.text("skill_id") or self.skill_id

    # Texts

    def _written(self, event: Told) -> None:
        author = Author(event.text("author") or Author.system)
        self.deliveries.add(event, author, self.skill_id)
        if self.is_closed:
            return  # it belongs to the survey
        if author is Author.consumer:
            self._consumer_wrote(event)
        if author is Author.agent and event.agent_id:
            self._agent_wrote(event, event.agent_id)

    def _consumer_wrote(self, event: Told) -> None:
        self.texted_at = self.texted_at or event.at
        if self.agent_since is not None:
            self._add(FactKind.consumer_response, event.at, since=self.agent_since)
            self.agent_since, self.is_interactive = None, True
        if self.consumer_since is None:
            self.consumer_since = event.at
            self.consumer_text = event.text("message_id")

    def _asks_nothing(self, event: Told) -> None:
        """Forget thanks, and what a phone answers by itself: the consumer waits since before or not
        at all.
        """
        if self.consumer_text == event.text("message_id"):
            self.consumer_since = self.consumer_text = None

    def _agent_wrote(self, event: Told, agent_id: str) -> None:
        at, since = event.at, self.consumer_since
        if since is not None:
            self._add(FactKind.response, at, agent_id=agent_id, since=since, has_hours=True)
        if due := event.text("due_at"):
            kept = "kept" if at <= datetime.fromisoformat(due) else "missed"
            self._add(FactKind.deadline, at, kept, agent_id=agent_id)
        if not self.agent_messages and self.texted_at and self.began is not Beginning.agent:
            first = self.texted_at
            self._add(FactKind.first_response, at, agent_id=agent_id, since=first, has_hours=True)
        if self.assigned_at and self.is_held and agent_id == self.agent_id and self.has_queued:
            how = "new" if self.assignments == 1 else "transferred"
            self._add(FactKind.first_message, at, how, since=self.assigned_at, has_hours=True)
            self.assigned_at = None
        self.agent_messages += 1
        self.consumer_since = self.consumer_text = None
        self.agent_since = self.agent_since or at
        self._handled(agent_id, at)

    def _handled(self, agent_id: str | None, at: datetime) -> None:
        if agent_id is None:
            return
        again = bool(self.handlers)
        if again and self.skill_id and self.skill_id not in self.handled_in:
            self.facts.append(Fact(FactKind.handled_again, at, self.skill_id))
        self.handled_in.add(self.skill_id)
        if agent_id not in self.handlers:
            self.handlers.add(agent_id)
            self._add(FactKind.handled, at, agent_id=agent_id, is_of_agent=again)

    # The end

    def _closed(self, event: Told) -> None:
        reason = event.text("reason") or CloseReason.system.value
        self._leave_queue(event.at)
        if reason in (CloseReason.agent, CloseReason.manager):
            self._handled(event.agent_id, event.at)
        self._add(FactKind.closed, event.at, reason, agent_id=event.agent_id)
        if self.opened_at is not None:
            self._add(FactKind.duration, event.at, since=self.opened_at)
        if self.is_interactive:
            self._add(FactKind.interactive, event.at, agent_id=event.agent_id)
        is_ours = self.began is Beginning.agent
        if self.texted_at and not self.agent_messages and self.has_queued and not is_ours:
            self._add(FactKind.abandoned, event.at, agent_id=event.agent_id)
        self.is_closed, self.is_held, self.assigned_at = True, False, None
