"""Reading a consumer's text as we keep it: who wrote, what it says, what it means as a keyword."""

from uuid import uuid4

from database.queries.intake import NewInbound
from domain.errors import NumberInvalid
from domain.keywords import keyword_in
from domain.limits import cut_incoming
from domain.phone_numbers import e164
from domain.words import Keyword
from intake.errors import NotUnderstood
from providers.contract import InboundText

LONGEST_ADDRESS = 100
LONGEST_URL = 2048
"""Characters of an attachment's address; one that is longer than any provider's leads nowhere."""
MOST_FIELDS = 80
LONGEST_FIELD = 400
"""What is kept of a webhook beside the text: how many fields, and characters of each."""


def consumer_number(sender: str) -> str:
    """Return who wrote: E.164 where it is a number, else as given (a short code, a name).

    Raises `NotUnderstood` for what can be no address.
    """
    if len(sender) > LONGEST_ADDRESS:
        raise NotUnderstood
    if not sender.startswith("+"):  # bare digits are a short code or lack their country
        return sender
    try:
        return e164(sender)
    except NumberInvalid:
        return sender


def may_be_keyword(text: InboundText) -> bool:
    """Say whether a text is a keyword, or would be while its consumer is opted out."""
    return bool(text.opt_out_type or keyword_in(text.text, is_opted_out=True))


def keyword_of(text: InboundText, *, is_opted_out: bool) -> Keyword | None:
    """Return what a text means as a keyword; the provider's own word for it comes first."""
    if text.opt_out_type:
        return Keyword(text.opt_out_type.lower())
    return keyword_in(text.text, is_opted_out=is_opted_out)


def kept_of(text: InboundText) -> dict[str, str]:
    """Return what is kept of a webhook's fields, to look into later: not the text once more.

    Addresses of attachments stand beside the text, too, and are cut here like everything.
    """
    others = [(name, value) for name, value in text.raw.items() if not value or value != text.text]
    return {name[:LONGEST_ADDRESS]: value[:LONGEST_FIELD] for name, value in others[:MOST_FIELDS]}


def written(
    text: InboundText, keyword: Keyword | None = None, *, provider_handled: bool = False
) -> NewInbound:
    """Return a text as it is stored: cut at the limit, under an id of ours."""
    kept, is_truncated = cut_incoming(text.text)
    return NewInbound(
        id=uuid4(),
        provider_message_id=text.provider_message_id,
        text=kept,
        is_truncated=is_truncated,
        media=[
            (item.url[:LONGEST_URL], item.content_type[:LONGEST_ADDRESS]) for item in text.media
        ],
        keyword=keyword,
        provider_handled=provider_handled,
        raw=kept_of(text),
    )
