"""Normalises a provider's text for storage: sender, length limits, keyword."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from database.queries.inbound import InboundOrigin
from domain.consent.keyword import Keyword
from domain.consent.keywords import OwnWords, keyword_in
from domain.consent.wishes import wants_no_more
from domain.conversation.effects import MediaRef
from domain.conversation.inputs import ReceivedText
from domain.courtesies.reading import courtesy_in
from domain.errors import NumberInvalid
from domain.numbers.kinds import LineKind
from domain.numbers.phone_numbers import Address, address_of
from domain.text.joining import whole
from domain.text.limits import cut_incoming
from domain.text.wrapped import unwrapped
from ingress.errors import NotUnderstood
from providers.contract import InboundText

LONGEST_NAME = 100
LONGEST_URL = 2048
"""Characters of an attachment's address. Ours: longer than any provider's."""
MOST_FILES = 20
"""Files of one text. Ours: about twice what providers pass on."""
MOST_FIELDS = 80
LONGEST_FIELD = 400
"""Limits for the webhook fields stored with a text: how many, and characters of each. Ours."""


def sender_of(text: InboundText) -> Address:
    """Return the sender: a phone, a short code or a name. Raises `NotUnderstood`."""
    try:
        return address_of(text.sender)
    except NumberInvalid as error:
        raise NotUnderstood from error


def may_be_keyword(text: InboundText, own: OwnWords) -> bool:
    """Say whether a text is a keyword, or would be one while its consumer is opted out.

    A part of a long text never is.
    """
    if text.part is not None:
        return False
    return bool(text.opt_out_type or keyword_in(text.text, is_opted_out=True, own=own))


def keyword_of(
    text: InboundText, kind: LineKind, own: OwnWords, *, is_opted_out: bool
) -> Keyword | None:
    """Return the keyword in a text; what the provider says it is takes precedence.

    On toll-free lines only START and UNSTOP opt in, because the network accepts no other word.
    """
    if text.part is not None:
        return None
    if text.opt_out_type:
        return Keyword(text.opt_out_type.lower())
    takes_more = is_opted_out and kind is not LineKind.toll_free
    return keyword_in(text.text, is_opted_out=takes_more, own=own)


def kept_of(text: InboundText) -> dict[str, str]:
    """Return the webhook fields to store for later inspection, without the text itself.

    Addresses of attachments are stored in full beside the text; here they are cut like all fields.
    """
    others = [(name, value) for name, value in text.raw.items() if not value or value != text.text]
    return {name[:LONGEST_NAME]: value[:LONGEST_FIELD] for name, value in others[:MOST_FIELDS]}


def as_words(text: InboundText) -> InboundText:
    """Return a text whose words are not wrapped in base64, whichever provider wrapped them."""
    words = unwrapped(text.text)
    return text if words == text.text else replace(text, text=words)


def origin_of(text: InboundText) -> InboundOrigin:
    """Return the provider's id of a text and its webhook's fields, to be stored."""
    return InboundOrigin(text.provider_message_id, kept_of(text))


def written(
    text: InboundText,
    own: OwnWords,
    keyword: Keyword | None = None,
    *,
    provider_handled: bool = False,
    sent_at: datetime | None = None,
    is_filed: bool = False,
) -> ReceivedText:
    """Return a text to be stored: cut at the limit, with our id and any opt-out wish in it.

    The database replaces `received_at`, because it decides the order of arrival.
    """
    new = received(text.text, kept_files(text.media), own)
    new = replace(new, sent_at=sent_at, is_filed=is_filed)
    if keyword is None:
        return new
    return replace(new, keyword=keyword, provider_handled=provider_handled, wants_opt_out=False)


def received(words: str, media: Sequence[MediaRef], own: OwnWords) -> ReceivedText:
    """Return words that are no keyword as a text to be stored."""
    kept, is_truncated = cut_incoming(whole(words))
    return ReceivedText(
        message_id=str(uuid4()),
        text=kept,
        is_truncated=is_truncated,
        media=tuple(media[:MOST_FILES]),
        wants_opt_out=wants_no_more(kept, own),
        courtesy=courtesy_in(kept),
        received_at=datetime.now(UTC),
    )


def kept_files(media: Sequence[MediaRef]) -> tuple[MediaRef, ...]:
    """Return the attachments of a text, or of a part, as they are stored."""
    return tuple(kept_media(item) for item in media[:MOST_FILES])


def kept_media(item: MediaRef) -> MediaRef:
    """Return an attachment as it is stored."""
    return MediaRef(
        url=item.url[:LONGEST_URL],
        content_type=item.content_type[:LONGEST_NAME],
        file_id=str(uuid4()),
    )
