"""Facts of the ledger of consent: who opted out or in, and how that came to be known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.consent.sources import ConsentSource
from domain.reporting.facts import Fact
from domain.reporting.kinds import FactKind


@dataclass(frozen=True)
class Consented:
    """An entry of the ledger. `is_again`: it says what is known already, or changes nothing.

    `skill_id`: of the conversation that an opt-out ended.
    """

    kind: str
    source: str
    at: datetime
    agent_id: str | None = None
    skill_id: str | None = None
    is_again: bool = False


def consent_facts(entry: Consented) -> Iterator[Fact]:
    """Yield the fact of an entry: none for what is kept of a number that was erased."""
    if not entry.is_again and entry.source != ConsentSource.erasure:
        kind = FactKind(entry.kind)
        yield Fact(kind, entry.at, entry.skill_id, entry.agent_id, detail=entry.source)
