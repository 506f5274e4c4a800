"""Counts a conversation's texts: who wrote them, their segments, and what became of ours."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from domain.conversation.kinds import Author
from domain.delivery.message_status import MessageStatus
from domain.reporting.facts import Fact, Told
from domain.reporting.kinds import FactKind
from domain.reporting.local_time import LocalTime

KINDS = {
    Author.consumer: FactKind.text_in,
    Author.agent: FactKind.text_out,
    Author.bot: FactKind.bot_text,
    Author.system: FactKind.automatic,
}
"""Notes leave nobody's house, and count nowhere."""


@dataclass(frozen=True)
class _Of:
    """Where a text counts: texts of one hour, skill and agent are one fact."""

    kind: FactKind
    hour: datetime
    skill_id: str | None
    agent_id: str | None


@dataclass
class Deliveries:
    """The texts of a conversation, as far as it was read."""

    clock: LocalTime
    texts: Counter[_Of] = field(default_factory=Counter)
    segments: Counter[_Of] = field(default_factory=Counter)
    ours: dict[str, tuple[_Of, str]] = field(default_factory=dict)
    """By id: where it counts, and the last that was heard of it."""

    def add(self, event: Told, author: Author, skill_id: str | None) -> None:
        """Count a text."""
        kind = KINDS.get(author)
        if kind is None:
            return
        of = _Of(kind, self.clock.hour_of(event.at), skill_id, event.agent_id)
        self.texts[of] += 1
        segments = event.data.get("segments")
        self.segments[of] += segments if isinstance(segments, int) else 0
        message_id = event.text("message_id")
        if kind is not FactKind.text_in and message_id:
            self.ours[message_id] = (of, MessageStatus.queued.value)

    def report(self, message_id: str | None, status: str | None) -> None:
        """Note what became of a text."""
        if message_id in self.ours and message_id and status:
            self.ours[message_id] = (self.ours[message_id][0], status)

    def facts(self) -> Iterator[Fact]:
        """Yield the counts."""
        for of, count in self.texts.items():
            yield _fact(of.kind, of, times=count, value=self.segments[of])
        for (of, status), count in Counter(self.ours.values()).items():
            yield _fact(FactKind.delivery, of, detail=status, times=count)


def _fact(
    kind: FactKind, of: _Of, *, times: int, detail: str = "", value: int | None = None
) -> Fact:
    return Fact(kind, of.hour, of.skill_id, of.agent_id, detail, times=times, value=value)
