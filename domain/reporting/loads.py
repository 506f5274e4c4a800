"""Facts of load: what online agents held in an hour, of what they may hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.reporting.facts import Fact
from domain.reporting.kinds import FactKind

THOUSANDTHS = 1000


@dataclass(frozen=True)
class LoadHour:
    """The looks of an hour. `agent_id`: None for all together. `held` and `limit`: hundredths of a
    conversation, added up. `most` and `least`: of single looks, in thousandths of the limit.
    """

    agent_id: str | None
    hour: datetime
    looks: int
    held: int
    limit: int
    most: int
    least: int


def share_of(held: int, limit: int) -> int:
    """Return a load in thousandths of its limit."""
    return round(THOUSANDTHS * held / limit)


def load_facts(hour: LoadHour) -> Iterator[Fact]:
    """Yield the facts of an hour."""
    values = {
        FactKind.load: (hour.looks, hour.held),
        FactKind.load_limit: (hour.looks, hour.limit),
        FactKind.load_share: (1, hour.most),
        FactKind.load_room: (1, max(THOUSANDTHS - hour.least, 0)),
    }
    for kind, (times, value) in values.items():
        yield Fact(
            kind,
            hour.hour,
            agent_id=hour.agent_id,
            times=times,
            value=value,
            is_of_agent=hour.agent_id is not None,
        )
