"""How far an outgoing text has come: its status only ever rises, in whatever order reports come."""

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
"""The first of the final ones wins."""
OUTGOING = tuple(RANKS)
"""The statuses of texts that leave; what came and notes have others."""
NOT_YET_SENT = (MessageStatus.queued, MessageStatus.sending)
NOT_DELIVERED = (MessageStatus.undelivered, MessageStatus.failed)


def below(status: MessageStatus) -> list[MessageStatus]:
    """Return the statuses that a report of `status` raises."""
    return [word for word, rank in RANKS.items() if rank < RANKS[status]]


def is_final(status: MessageStatus) -> bool:
    """Say whether nothing that comes later changes it."""
    return RANKS[status] == max(RANKS.values())
