"""How urgent people say a conversation is, and what that is worth in the queue."""

from collections.abc import Mapping
from enum import StrEnum


class Priority(StrEnum):
    """How urgent a conversation is, as its people set it."""

    low = "low"
    normal = "normal"
    high = "high"
    urgent = "urgent"

    @property
    def minutes(self) -> int:
        """Return by how much earlier it is served, like the priority of its line and skill."""
        return MINUTES[self]


MINUTES: Mapping[Priority, int] = {
    Priority.low: -30,
    Priority.normal: 0,
    Priority.high: 30,
    Priority.urgent: 120,
}
"""Ours: half an hour is a long wait, and nothing usual waits for two hours. As minutes are added to
those of line and skill, whatever waits comes up in the end.
"""
