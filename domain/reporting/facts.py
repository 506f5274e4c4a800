"""Facts: each thing that figures count or measure, and the events that they are read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.conversation.kinds import EventKind
from domain.reporting.kinds import FactKind


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened. `value`: seconds, segments or a score, as the kind has it.

    `worked`: the seconds of these that were working hours. `is_of_agent`: it counts among the
    figures of its agent alone, because another fact says the same of the conversation.
    """

    kind: FactKind
    at: datetime
    skill_id: str | None = None
    agent_id: str | None = None
    detail: str = ""
    times: int = 1
    value: int | None = None
    worked: int | None = None
    is_of_agent: bool = False


@dataclass(frozen=True)
class Told:
    """An event of a conversation, as reports read it."""

    kind: EventKind
    at: datetime
    agent_id: str | None = None
    data: Mapping[str, object] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """Return a word that it carries, None without one."""
        value = self.data.get(name)
        return value if isinstance(value, str) else None
