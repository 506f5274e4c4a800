"""Delivery statuses of our own texts: which is further than which, and what each leaves open."""

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
"""A status only ever rises; of the final ones the first to come stays."""

FINAL = 4
NOT_DELIVERED = (MessageStatus.undelivered, MessageStatus.failed)
NOT_YET_SENT = (MessageStatus.queued, MessageStatus.sending)
UNSENT = (MessageStatus.queued, MessageStatus.sending, MessageStatus.unknown)
"""The provider may not have it: with no id of the provider's, it may hold up later texts."""
ASKED_ABOUT = (MessageStatus.sending, MessageStatus.sent, MessageStatus.unknown)
"""The provider may know more than we do."""


def is_final(status: MessageStatus) -> bool:
    """Say whether nothing more can become of a text of ours."""
    return RANKS[status] == FINAL


def below(status: MessageStatus) -> tuple[MessageStatus, ...]:
    """Return the statuses from which a text may rise to this one."""
    return tuple(word for word, rank in RANKS.items() if rank < RANKS[status])
