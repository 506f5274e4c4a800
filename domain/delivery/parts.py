"""Delivery of a text that its provider sends, and reports, in parts."""

from domain.delivery.message_status import MessageStatus


def status_of_whole(news: MessageStatus, *, delivered: int, total: int) -> MessageStatus:
    """Return what news of one part means for the whole text.

    A delivered part does not mean that the others were delivered. A failed part means that the text
    failed, because the consumer cannot read the rest.
    """
    if news is not MessageStatus.delivered:
        return news
    return MessageStatus.delivered if delivered >= total else MessageStatus.sent
