"""Words for the states of endpoints and of their deliveries."""

from enum import StrEnum


class PauseReason(StrEnum):
    """Why an endpoint gets no events."""

    by_hand = "by_hand"
    failing = "failing"
    """Nothing was taken for `retries.HOPELESS_AFTER`."""
    gone = "gone"
    """Its receiver answered 410."""
    secret_unreadable = "secret_unreadable"  # noqa: S105 - a word
    """No configured key decrypts its secret."""


PAUSED = {
    PauseReason.by_hand: "It was paused by hand.",
    PauseReason.failing: "Its receiver took nothing for three days.",
    PauseReason.gone: "Its receiver answered 410: it wants no more events.",
    PauseReason.secret_unreadable: "Its secret cannot be read: an encryption key is missing.",
}


class DeliveryState(StrEnum):
    """Where an event is that was not taken at once. A taken event has no row."""

    waiting = "waiting"
    given_up = "given_up"
