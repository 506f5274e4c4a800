"""Facts of texts without a conversation: of notifications, batches and calls."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.reporting.deliveries import millionths
from domain.reporting.facts import Fact
from domain.reporting.kinds import FactKind
from domain.reporting.local_time import LocalTime


@dataclass(frozen=True)
class TextAlone:
    """A text as reports read it. `skill_id`: where answers go."""

    status: str
    written_at: datetime
    skill_id: str | None = None
    segments: int = 0
    price: Decimal | None = None
    currency: str | None = None


def facts_alone(text: TextAlone, clock: LocalTime) -> Iterator[Fact]:
    """Yield the facts of a text: what became of it, and what it cost."""
    hour, skill_id = clock.hour_of(text.written_at), text.skill_id
    kind = FactKind.text_alone
    yield Fact(kind, hour, skill_id, detail=text.status, value=text.segments)
    if text.price is not None and text.currency:
        cost = millionths(text.price)
        yield Fact(FactKind.cost, hour, skill_id, detail=text.currency, value=cost)
