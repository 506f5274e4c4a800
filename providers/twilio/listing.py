"""Lists consumers' texts at Twilio, for those that its webhooks did not bring."""

from domain.numbers.kinds import LineKind
from providers.contract import InboundText
from providers.listing import ListedText, TextsPage, TextsSought
from providers.twilio.rest import MessageResource, MessagesApi
from providers.twilio.webhooks import channel_of


async def texts_page(messages: MessagesApi, sought: TextsSought) -> TextsPage:
    """Return one page of consumers' texts, newest first.

    Twilio filters by whole days of the time at which it called the webhook, so the list is not
    filtered by date: it is read until a whole page is older than what is sought. Twilio cannot
    filter by messaging service either; all of the account's messages are read then.
    """
    filters = {} if sought.kind is LineKind.service else {"To": sought.address}
    page = await messages.page(filters, sought.page)
    is_over = all(_is_older(message, sought) for message in page.messages)
    texts = [_listed(message, sought) for message in page.messages if _is_text(message)]
    return TextsPage(tuple(texts), None if is_over else page.next_page_uri)


def _is_older(message: MessageResource, sought: TextsSought) -> bool:
    return message.created_at is not None and message.created_at < sought.since


def _is_text(message: MessageResource) -> bool:
    return message.direction == "inbound" and bool(message.sender and message.to)


def _listed(message: MessageResource, sought: TextsSought) -> ListedText:
    sender, recipient = message.sender or "", message.to or ""
    text = InboundText(
        provider_message_id=message.sid,
        sender=sender.strip(),
        recipient=recipient.strip(),
        text=(message.body or "").replace("\0", ""),
        service=message.messaging_service_sid,
        channel=channel_of(sender) or channel_of(recipient),
        raw={"MessageSid": message.sid, "DateCreated": message.date_created or ""},
    )
    return ListedText(text, message.created_at or sought.since, message.has_media)
