"""Reading a consumer's text as we keep it: who wrote, what it says, what it means as a keyword."""

from datetime import UTC, datetime
from uuid import uuid4

from database.queries.inbound import InboundOrigin
from domain.consent.keyword import Keyword
from domain.consent.keywords import OwnWords, keyword_in
from domain.consent.wishes import wants_no_more
from domain.conversation.effects import MediaRef
from domain.conversation.inputs import ReceivedText
from domain.errors import NumberInvalid
from domain.numbers.kinds import LineKind
from domain.numbers.phone_numbers import Address, address_of
from domain.text.limits import cut_incoming
from ingress.errors import NotUnderstood
from providers.contract import InboundText

LONGEST_NAME = 100
LONGEST_URL = 2048
"""Characters of an attachment's address; one that is longer than any provider's leads nowhere."""
MOST_FIELDS = 80
LONGEST_FIELD = 400
"""What is kept of a webhook beside the text: how many fields, and characters of each."""


def sender_of(text: InboundText) -> Address:
    """Return who wrote: a phone, a short code or a name. `NotUnderstood` when it can be nobody."""
    try:
        return address_of(text.sender)
    except NumberInvalid as error:
        raise NotUnderstood from error


def may_be_keyword(text: InboundText, own: OwnWords) -> bool:
    """Say whether a text is a keyword, or would be while its consumer is opted out.

    A part of a long text is none, whatever it says.
    """
    if text.part is not None:
        return False
    return bool(text.opt_out_type or keyword_in(text.text, is_opted_out=True, own=own))


def keyword_of(
    text: InboundText, kind: LineKind, own: OwnWords, *, is_opted_out: bool
) -> Keyword | None:
    """Return what a text means as a keyword; the provider's own word for it comes first.

    The network behind toll-free lines opts in by START and UNSTOP only, so nothing else does there.
    """
    if text.part is not None:
        return None
    if text.opt_out_type:
        return Keyword(text.opt_out_type.lower())
    takes_more = is_opted_out and kind is not LineKind.toll_free
    return keyword_in(text.text, is_opted_out=takes_more, own=own)


def kept_of(text: InboundText) -> dict[str, str]:
    """Return what is kept of a webhook's fields, to look into later: not the text once more.

    Addresses of attachments stand beside the text, too, and are cut here like everything.
    """
    others = [(name, value) for name, value in text.raw.items() if not value or value != text.text]
    return {name[:LONGEST_NAME]: value[:LONGEST_FIELD] for name, value in others[:MOST_FIELDS]}


def origin_of(text: InboundText) -> InboundOrigin:
    """Return what is kept of how a text came in."""
    return InboundOrigin(text.provider_message_id, kept_of(text))


def written(
    text: InboundText,
    own: OwnWords,
    keyword: Keyword | None = None,
    *,
    provider_handled: bool = False,
) -> ReceivedText:
    """Return a text as it is stored: cut at the limit, under an id of ours, its wish read.

    When it was received is for the database to say: that is the order of arrival.
    """
    kept, is_truncated = cut_incoming(text.text)
    return ReceivedText(
        message_id=str(uuid4()),
        text=kept,
        is_truncated=is_truncated,
        media=tuple(_kept_media(item) for item in text.media),
        keyword=keyword,
        provider_handled=provider_handled,
        wants_opt_out=keyword is None and wants_no_more(kept, own),
        received_at=datetime.now(UTC),
    )


def _kept_media(item: MediaRef) -> MediaRef:
    return MediaRef(url=item.url[:LONGEST_URL], content_type=item.content_type[:LONGEST_NAME])
