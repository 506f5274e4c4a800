"""Who had a conversation, and for how long: the segments of its agents and of its skills.

Time in a queue belongs to no agent. A skill has it from its opening or a transfer to it until a
transfer to another, or the close; going back to the queue or to another agent changes no skill.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.conversation.kinds import EventKind
from domain.reporting.facts import Told

ENDS = frozenset(
    {
        EventKind.conversation_assigned,
        EventKind.conversation_transferred,
        EventKind.conversation_returned,
        EventKind.conversation_released,
        EventKind.conversation_closed,
        EventKind.given_to_bot,
    }
)
"""What ends the segment of whoever had it."""
TELLS_SKILL = frozenset(
    {
        *(EventKind.conversation_opened, EventKind.conversation_queued),
        *(EventKind.conversation_transferred, EventKind.given_to_bot),
    }
)


@dataclass(frozen=True)
class Segment:
    """A time in which an agent or a skill had a conversation. `until`: None while it runs."""

    who: str
    since: datetime
    until: datetime | None = None

    def seconds(self, now: datetime) -> int:
        """Return how long it was, or has been until now."""
        return max(int(((self.until or now) - self.since).total_seconds()), 0)


def agent_segments(events: Iterable[Told]) -> list[Segment]:
    """Return the segments of agents in a conversation's events, in their order."""
    found: list[Segment] = []
    for event in events:
        if event.kind in ENDS:
            _end(found, event.at)
        if event.kind is EventKind.conversation_assigned and event.agent_id:
            found.append(Segment(event.agent_id, event.at))
    return found


def skill_segments(events: Iterable[Told]) -> list[Segment]:
    """Return the segments of skills in a conversation's events, in their order."""
    found: list[Segment] = []
    for event in events:
        skill_id = event.text("skill_id") if event.kind in TELLS_SKILL else None
        is_another = bool(skill_id) and not (found and _runs_in(found[-1], skill_id))
        if event.kind is EventKind.conversation_closed or is_another:
            _end(found, event.at)
        if skill_id and is_another:
            found.append(Segment(skill_id, event.at))
    return found


def _runs_in(segment: Segment, skill_id: str | None) -> bool:
    return segment.until is None and segment.who == skill_id


def _end(found: list[Segment], at: datetime) -> None:
    if found and found[-1].until is None:
        found[-1] = replace(found[-1], until=at)
