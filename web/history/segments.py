"""Who had a conversation, and for how long: its agent segments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.clock import utc_now
from database.tables import Event
from domain.conversation.kinds import EventKind

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


@dataclass(frozen=True)
class Segment:
    """A time in which somebody had a conversation. `seconds`: until now for one that runs."""

    who: str
    since: datetime
    seconds: int


def segments(events: Iterable[Event], names: Mapping[str, str]) -> Sequence[Segment]:
    """Return the agent segments in a conversation's events, in their order."""
    found: list[Segment] = []
    begun: Event | None = None
    for event in events:
        if event.kind in ENDS and begun is not None:
            found.append(_segment(begun, event.at, names))
            begun = None
        if event.kind == EventKind.conversation_assigned and event.agent_id:
            begun = event
    return [*found, _segment(begun, utc_now(), names)] if begun else found


def _segment(begun: Event, until: datetime, names: Mapping[str, str]) -> Segment:
    who = names.get(begun.agent_id or "", begun.agent_id or "")
    return Segment(who, begun.at, max(int((until - begun.at).total_seconds()), 0))
