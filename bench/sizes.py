"""The sizes of the measurements: full by default, smaller for a trial."""

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Sizes:
    """Counts, and the seconds for each rate of the latency part."""

    rounds: int = 3
    consumers: int = 200
    texts_each: int = 5
    at_once: int = 50
    """Texts in flight at the same time."""
    burst: int = 300
    """New consumers who text within ten seconds."""
    latency_seconds: int = 40
    latency_conversations: int = 20
    long_messages: int = 5000
    parked: int = 20_000
    parked_texts: int = 200
    waiting: int = 5000
    """Conversations in the queue of the routing part."""
    agents: int = 200
    long_texts: int = 600
    """Texts of three parts in a round of the providers part."""
    pictures: int = 200
    batch_recipients: int = 100_000
    stream_agents: int = 300
    """Agents with a page each, and as many whom nothing concerns."""
    stream_managers: int = 20
    stream_talks: int = 160
    """Conversations in which phones text and agents reply."""
    stream_seconds: int = 30
    history: int = 1_000_000
    """Conversations of the past, of ten texts each."""
    history_rounds: int = 12
    """How often each question about them is asked."""
    history_texts: int = 400
    reports: int = 1_000_000
    """Conversations of the year that reports are about."""
    reports_rounds: int = 12
    fleet_accounts: int = 50
    fleet_agents: int = 1000
    """Agents of the one large account."""
    fleet_pages: int = 200
    """Those of them who have a page open."""
    fleet_texts: int = 200
    """New consumers who text: the large account, and as many all accounts together."""
    told: int = 100
    """Consumers who wait until the message for waiting consumers is sent."""

    def scaled(self, size: float) -> "Sizes":
        """Return scaled sizes, each at least large enough for a figure."""
        kept = {"rounds", "texts_each", "at_once", "history_rounds", "reports_rounds"}
        names = [field.name for field in fields(self) if field.name not in kept]
        return replace(self, **{name: max(4, round(getattr(self, name) * size)) for name in names})
