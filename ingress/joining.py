"""Joins the parts of a consumer's long text, where the connector is set to do so.

Everything is decided while the consumer's row is locked, and stored before the provider has its
answer. A text that has all its parts is handed over at once. One that has not is handed over with
marks when its window ends: a sweeper ends it, in whichever process is first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import account_keywords, parts
from database.queries.inbound import LineRoute
from database.queries.parts import NewPart, UnfinishedText
from domain.text.cards import has_card, masked
from domain.text.joining import Part, Place, joined, late, place
from domain.text.limits import cut_incoming
from ingress.normalisation import LONGEST_NAME, kept_files, origin_of, received
from providers.contract import InboundText, TextPart

AT_ONCE = 50
"""Texts whose wait ends in one transaction. Ours: some milliseconds."""


@dataclass(frozen=True)
class Ready:
    """A text that can be stored and handed over.

    `row_id`: the row in which it waited for its parts. `late_for`: the long text that did not wait
    for it any longer, and the part it is.
    """

    text: InboundText
    row_id: UUID | None = None
    late_for: tuple[UUID, NewPart] | None = None


async def take_part(
    session: AsyncSession, at: LineRoute, consumer_id: UUID, text: InboundText, named: TextPart
) -> Ready | None:
    """Store a part in its long text. Returns what is ready now, if anything is.

    The consumer's row must be locked.
    """
    new = new_part(text, named)
    texts = await parts.candidates(session, at, consumer_id, new)
    placed = place(new.part, texts, waiting=await parts.count_waiting(session, at, consumer_id))
    if placed.place is Place.alone:
        return Ready(text)
    if placed.text is None:
        await parts.begin(session, at, consumer_id, uuid4(), new)
        return None
    if placed.place is Place.late:
        return Ready(replace(text, text=late(new.part)), late_for=(placed.text.id, new))
    is_copy = placed.place is Place.copy
    await parts.add(session, at, placed.text.id, replace(new, is_copy=is_copy))
    if is_copy or not placed.text.lacks_one:
        return None
    contents, media = await parts.contents(session, placed.text.id)
    whole = replace(text, text=joined(new.part.total, contents), media=media, part=None)
    return Ready(whole, row_id=placed.text.id)


async def settle(session: AsyncSession, texts: Sequence[UnfinishedText]) -> None:
    """End the wait of locked texts: what has not arrived is marked as missing."""
    for text in texts:
        contents, media = await parts.contents(session, text.id)
        own = await account_keywords.of_account(session, text.account_id)
        words = joined(text.total, contents)
        if text.masks_cards and has_card(words):
            words = masked(words)
            await parts.mask(session, text.id)
        await parts.finish(session, text.id, received(words, media, own))


async def settle_due(sessions: Sessions) -> None:
    """End the wait of all texts whose window has ended. Any number of processes may do so."""
    while True:
        async with sessions.begin() as session:
            due = await parts.lock_due(session, limit=AT_ONCE)
            await settle(session, due)
        if len(due) < AT_ONCE:
            return


def new_part(text: InboundText, named: TextPart) -> NewPart:
    """Return a part to be stored."""
    part = Part(named.number, named.total, cut_incoming(text.text)[0])
    return NewPart(part, named.reference[:LONGEST_NAME], kept_files(text.media), origin_of(text))
