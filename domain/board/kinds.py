"""What managers do to many conversations at once, and what they are alerted to."""

from enum import StrEnum


class BulkKind(StrEnum):
    """What is done to each conversation of a selection."""

    transfer = "transfer"
    label = "label"
    priority = "priority"
    close = "close"
    opt_out = "opt_out"

    @property
    def can_be_undone(self) -> bool:
        """Say whether it can be taken back: a closed conversation and an opt-out cannot."""
        return self in (BulkKind.transfer, BulkKind.label, BulkKind.priority)


class BulkStatus(StrEnum):
    running = "running"
    done = "done"
    cancelled = "cancelled"
    stopped = "stopped"
    """Whoever gave it may not do it any more."""


class ItemState(StrEnum):
    """What became of one conversation of a selection."""

    waiting = "waiting"
    done = "done"
    refused = "refused"


class AlertKind(StrEnum):
    """What managers are alerted to."""

    waiting_long = "waiting_long"
    """A conversation waits for a skill for longer than the account allows."""
    nobody_online = "nobody_online"
    """Conversations wait for a skill, and nobody who has it is online."""
    connector_paused = "connector_paused"
    """A connector is out of order: its texts wait."""
    texts_refused = "texts_refused"
    """Texts that come to a line's webhook are refused: a wrong setting at the provider."""
    bound_reached = "bound_reached"
    """More texts were written than the account allows; what was beyond was refused."""
    line_broken = "line_broken"
    """The provider does not post a line's texts here, or does not take them."""
    export_failing = "export_failing"
    """The last run of a scheduled export failed, or its bucket does not take the file."""

    @property
    def is_of_skill(self) -> bool:
        """Say whether it is about a skill, and not about a line or connector."""
        return self in (AlertKind.waiting_long, AlertKind.nobody_online)
