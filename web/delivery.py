"""What became of a text, in words."""

from domain.delivery.message_status import MessageStatus
from web.words import Words

DELIVERY = Words(
    {
        MessageStatus.queued: "Waiting to be sent",
        MessageStatus.sending: "Sending",
        MessageStatus.unknown: "Not confirmed yet",
        MessageStatus.sent: "Sent",
        MessageStatus.delivered: "Delivered",
        MessageStatus.undelivered: "Not delivered",
        MessageStatus.failed: "Not sent",
    }
)
