"""Counts a conversation's texts: who wrote them, their segments, and what became of ours."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

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
    bills: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By id: the currency, and the price in millionths of it, as it was told last."""

    def add(self, event: Told, author: Author, skill_id: str | None) -> None:
        """Count a text where it was written first: one that the consumer answers is counted without
        a conversation, and one that was carried over with the conversation before.
        """
        kind = KINDS.get(author)
        if kind is None or event.data.get("is_invitation") or event.data.get("carried_from"):
            return
        of = _Of(kind, self.clock.hour_of(event.at), skill_id, event.agent_id)
        self.texts[of] += 1
        segments = event.data.get("segments")
        self.segments[of] += segments if isinstance(segments, int) else 0
        message_id = event.text("message_id")
        if kind is not FactKind.text_in and message_id:
            self.ours[message_id] = (of, MessageStatus.queued.value)

    def report(self, event: Told) -> None:
        """Note what became of a text, and what it cost."""
        message_id, status = event.text("message_id"), event.text("status")
        if message_id in self.ours and message_id and status:
            self.ours[message_id] = (self.ours[message_id][0], status)
            if (bill := _bill(event)) is not None:
                self.bills[message_id] = bill

    def facts(self) -> Iterator[Fact]:
        """Yield the counts."""
        for of, count in self.texts.items():
            yield _fact(of.kind, of, times=count, value=self.segments[of])
        for (of, status), count in Counter(self.ours.values()).items():
            yield _fact(FactKind.delivery, of, detail=status, times=count)
        yield from self._costs()

    def _costs(self) -> Iterator[Fact]:
        times: Counter[tuple[_Of, str]] = Counter()
        prices: Counter[tuple[_Of, str]] = Counter()
        for message_id, (currency, price) in self.bills.items():
            place = (self.ours[message_id][0], currency)
            times[place] += 1
            prices[place] += price
        for (of, currency), count in times.items():
            value = prices[of, currency]
            yield _fact(FactKind.cost, of, detail=currency, times=count, value=value)


def _bill(event: Told) -> tuple[str, int] | None:
    price, currency = event.text("price"), event.text("price_currency")
    return (currency, millionths(Decimal(price))) if price and currency else None


def millionths(price: Decimal) -> int:
    """Return a price in millionths of its currency, as facts have it."""
    return round(abs(price) * 1_000_000)


def _fact(
    kind: FactKind, of: _Of, *, times: int, detail: str = "", value: int | None = None
) -> Fact:
    return Fact(kind, of.hour, of.skill_id, of.agent_id, detail, times=times, value=value)
