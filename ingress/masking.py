"""Masks the numbers of payment cards before a text is stored, if the account wants it."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import parts
from domain.text.cards import has_card, masked, without_digits
from domain.text.wrapped import unwrapped
from ingress.joining import Ready
from providers.contract import InboundText


def masked_text(text: InboundText) -> InboundText:
    """Return a text, or a part of one, without card numbers, and so its webhook's fields."""
    words, part = unwrapped(text.text), text.part
    begins, ends = (part.number == 1, part.number == part.total) if part else (True, True)
    hidden = masked(words, begins=begins, ends=ends)
    new = text.text if hidden == words else hidden
    # The field that is the text itself is not kept beside it: it must stay the same.
    raw = {
        name: new if value == text.text else _masked_field(value)
        for name, value in text.raw.items()
    }
    return replace(text, text=new, raw=raw)


async def masked_whole(session: AsyncSession, ready: Ready) -> Ready:
    """Return a text that parts made without the card numbers that were split over them."""
    if ready.late_for:
        text_id, part = ready.late_for
        kept = replace(part.part, content=without_digits(part.part.content))
        part = replace(part, part=kept, origin=replace(part.origin, raw={}))
        ready = replace(ready, late_for=(text_id, part))
    if not has_card(ready.text.text):
        return ready
    if ready.row_id:
        await parts.mask(session, ready.row_id)
    return replace(ready, text=masked_text(ready.text))


def _masked_field(value: str) -> str:
    words = unwrapped(value)
    return masked(words) if has_card(words) else value
