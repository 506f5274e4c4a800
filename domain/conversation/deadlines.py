"""Deadlines of a conversation as sentences for agents.

A deadline has a kind, a time, and the moment it counts from: "Closes in 12 min because the consumer
has been silent since 10:03". Pages fill in the times by the reader's clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.conversation.kinds import DeadlineKind
from domain.conversation.timers import BY_KIND


@dataclass(frozen=True)
class Due:
    """One deadline in words: "closes {when}" because "the consumer has been silent" `since`."""

    kind: DeadlineKind
    at: datetime
    what: str
    why: str
    since: datetime | None = None

    @property
    def around(self) -> tuple[str, str]:
        """Return the words of the sentence before the time and after it."""
        before, _, after = self.what.partition("{when}")
        return before[0].upper() + before[1:].rstrip(), after.strip()

    def sentence(self, when: str, since: str | None = None) -> str:
        """Return the deadline as a sentence, with `when` and `since` as the page words them."""
        happens = " ".join(part for part in (self.around[0], when, self.around[1]) if part)
        counted = f" since {since}" if since else ""
        return f"{happens} because {self.why}{counted}."


def in_words(
    deadlines: Mapping[DeadlineKind, datetime], since: Mapping[DeadlineKind, datetime]
) -> list[Due]:
    """Return the deadlines that concern agents, the earliest first."""
    rows = ((BY_KIND[kind], at) for kind, at in deadlines.items())
    told = [
        Due(row.kind, at, row.what, row.why, since.get(row.kind))
        for row, at in rows
        if row.what is not None
    ]
    return sorted(told, key=lambda due: due.at)
