"""The order of delivery statuses, and the groups that rules use."""

from domain.delivery.message_status import MessageStatus

RANKS = {
    MessageStatus.queued: 0,
    MessageStatus.sending: 1,
    MessageStatus.unknown: 2,
    MessageStatus.sent: 3,
    MessageStatus.delivered: 4,
    MessageStatus.undelivered: 4,
    MessageStatus.failed: 4,
}
"""A status only ever rises. Of the final statuses, the first to arrive stays."""

FINAL = 4
NOT_DELIVERED = (MessageStatus.undelivered, MessageStatus.failed)
NOT_YET_SENT = (MessageStatus.queued, MessageStatus.sending)
UNSENT = (MessageStatus.queued, MessageStatus.sending, MessageStatus.unknown)
"""The provider may not have the text; without the provider's id it may hold up later texts."""
LOOKED_UP = (MessageStatus.sending, MessageStatus.sent, MessageStatus.unknown)
"""The provider may know more about the text than Switchboard does."""


def is_final(status: MessageStatus) -> bool:
    """Say whether the status can no longer change."""
    return RANKS[status] == FINAL


def below(status: MessageStatus) -> tuple[MessageStatus, ...]:
    """Return the statuses that may change to this one."""
    return tuple(word for word, rank in RANKS.items() if rank < RANKS[status])
