"""Takes parts of long texts without a lock: it looks, decides, and stores if nothing changed.

The rules are those of `ingress.joining`, which takes what is seldom or came at the same moment:
late parts, parts that stand alone, texts that may be a keyword.
"""

from dataclasses import replace
from typing import Literal
from uuid import UUID

from database.direct import Direct
from database.queries import account_keywords, optimistic_parts
from database.queries.inbound import Arrived, LineRoute
from database.queries.optimistic_parts import Seen
from database.queries.parts import NewPart
from domain.conversation.inputs import ReceivedText
from domain.numbers.phone_numbers import Address
from domain.text.joining import LongText, Place, joined, place
from ingress.joining import new_part
from ingress.normalisation import may_be_keyword, written
from providers.contract import InboundText, TextPart

TRIES = 3
"""Ours. Each time, another part of the consumer was stored between looking and storing."""

Whole = tuple[ReceivedText, Arrived]
InTurn = Literal["in turn"]


async def take_part_unlocked(
    direct: Direct, at: LineRoute, sender: Address, text: InboundText, named: TextPart
) -> Whole | InTurn | None:
    """Store a part; return the text if it is whole now, None if it waits or the part is known.

    "in turn": nothing was stored, and it must be stored behind the consumer's other texts.
    """
    new = new_part(text, named)
    for _ in range(TRIES):
        seen = await optimistic_parts.look(direct, at, sender, new)
        if seen.is_known:
            return None
        stored = await _store(direct, at, sender, seen, text, new)
        if stored != "changed":
            return stored
    return "in turn"


async def _store(
    direct: Direct, at: LineRoute, sender: Address, seen: Seen, text: InboundText, new: NewPart
) -> Whole | InTurn | Literal["changed"] | None:
    placed = place(new.part, seen.texts, waiting=seen.waiting)
    if placed.place is Place.first:
        began = await optimistic_parts.begin(direct, at, sender, seen, new)
        return None if began else "changed"
    if placed.text is None or placed.place is Place.late:
        return "in turn"
    is_copy = placed.place is Place.copy
    if placed.text.lacks_one and not is_copy:
        return await _finish(direct, at, sender, seen, placed.text, text, new)
    new = replace(new, is_copy=is_copy)
    added = await optimistic_parts.add(direct, at, sender, seen, placed.text.id, new)
    return None if added else "changed"


async def _finish(
    direct: Direct,
    at: LineRoute,
    sender: Address,
    seen: Seen,
    long: LongText,
    text: InboundText,
    new: NewPart,
) -> Whole | InTurn | Literal["changed"]:
    own = account_keywords.read(at.keywords)
    whole = _joined(seen, long.id, text, new)
    if may_be_keyword(whole, own):
        return "in turn"
    read = replace(written(whole, own), message_id=str(long.id))
    arrived = await optimistic_parts.finish(direct, at, sender, seen, read, new)
    return (read, arrived) if arrived else "changed"


def _joined(seen: Seen, text_id: UUID, text: InboundText, new: NewPart) -> InboundText:
    contents, media = seen.contents[text_id]
    contents = {**contents, new.part.number: new.part.content}
    words = joined(new.part.total, contents)
    return replace(text, text=words, media=(*media, *new.media), part=None)
