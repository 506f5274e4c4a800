"""What is posted to an endpoint next: in order within a lane, lanes beside each other.

A lane is a conversation's events, or all events without a conversation. An event that was not taken
holds back the later events of its lane, and no others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain.endpoints.retries import is_due

MOST_AT_ONCE = 200
"""Events of one round. Ours: a worker that dies in a round has posted at most these in vain."""
MOST_WAITING = 1000
"""Events of an endpoint that may wait for another attempt or behind one. When there are more, no
new events are read until some are taken or given up. Ours.
"""
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """An event that was not taken, or waits behind one. `tries`: attempts that counted."""

    event_id: int
    lane: str
    tries: int
    due_at: datetime
    tried_at: datetime | None = None


@dataclass(frozen=True)
class Unread:
    """An event that was not looked at before."""

    event_id: int
    lane: str


@dataclass(frozen=True)
class Lane:
    """Events to post one after another, up to the first that is not taken."""

    key: str
    event_ids: Sequence[int]


@dataclass(frozen=True)
class Plan:
    """A round: what to post, which new events to hold back, and how far events are read then."""

    lanes: Sequence[Lane] = ()
    held: Sequence[Unread] = ()
    read_to: int = 0

    @property
    def event_ids(self) -> list[int]:
        return [event_id for lane in self.lanes for event_id in lane.event_ids]


@dataclass
class _Lanes:
    """Lanes being filled. `blocked`: those whose first event is not due."""

    lanes: dict[str, list[int]] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)

    def plan(self, held: Sequence[Unread], read_to: int) -> Plan:
        lanes = [Lane(key, tuple(ids)) for key, ids in self.lanes.items()]
        return Plan(lanes, tuple(held), read_to)


def plan(waiting: Sequence[Waiting], unread: Sequence[Unread], read_to: int, now: datetime) -> Plan:
    """Plan a round. Both in order of event ids; `read_to`: the last event that was looked at."""
    found = _Lanes()
    for one in waiting:
        if one.lane in found.blocked:
            continue
        if one.lane not in found.lanes and not is_due(one.due_at, now):
            found.blocked.add(one.lane)
        elif len(found.lanes.get(one.lane, ())) < MOST_AT_ONCE:
            found.lanes.setdefault(one.lane, []).append(one.event_id)
    full = {key for key, ids in found.lanes.items() if len(ids) == MOST_AT_ONCE}
    held = [one for one in unread if one.lane in found.blocked | full]
    for new in unread:
        if new.lane not in found.blocked | full:
            found.lanes.setdefault(new.lane, []).append(new.event_id)
    return found.plan(held, read_to)


def plan_trial(waiting: Sequence[Waiting], unread: Sequence[Unread], read_to: int) -> Plan:
    """Plan a trial of an endpoint that is down: with the waiting event that was tried longest ago,
    and with a new one, because the waiting ones may be what the receiver cannot take.
    """
    found, held = _Lanes(), list[Unread]()
    heads = _heads(waiting)
    if heads:
        head = min(heads.values(), key=lambda one: (one.tried_at or NEVER, one.event_id))
        found.lanes[head.lane] = [head.event_id]
    for new in unread:
        if new.lane not in heads:
            found.lanes[new.lane] = [new.event_id]
            return found.plan(held, new.event_id)
        held.append(new)
    return found.plan(held, read_to)


def next_due(waiting: Sequence[Waiting]) -> datetime | None:
    """Return when the next event is due, None if none waits for a time."""
    heads = _heads(waiting)
    return min((one.due_at for one in heads.values()), default=None)


def _heads(waiting: Sequence[Waiting]) -> dict[str, Waiting]:
    """Return the first event of each lane."""
    return {one.lane: one for one in reversed(waiting)}
