"""Takes parts of long texts without a lock: it looks, decides, and stores if nothing changed.

A process that stored the parts before knows what is there, and need not look. The rules are those
of `ingress.joining`, which takes what is seldom: late parts, parts that stand alone, texts that may
be a keyword, and parts that several processes take at the same moment.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4
from weakref import WeakValueDictionary

from cachetools import LRUCache

from database.direct import Direct
from database.queries import account_keywords, optimistic_parts
from database.queries.inbound import Arrived, LineRoute
from database.queries.optimistic_parts import Seen
from database.queries.parts import NewPart
from domain.conversation.effects import MediaRef
from domain.conversation.inputs import ReceivedText
from domain.numbers.phone_numbers import Address
from domain.text.cards import has_card
from domain.text.joining import LongText, Place, joined, place
from ingress.joining import new_part
from ingress.normalisation import as_words, may_be_keyword, written
from providers.contract import InboundText, TextPart

TRIES = 3
"""Ours. Each time, something else of the consumer was stored between looking and storing."""
MOST_BEGUN = 500
"""Texts that a process remembers. Ours."""
LONGEST_BEGUN = 10
"""Parts of a text that is remembered. Ours: with `MOST_BEGUN`, at most some ten MB."""

Whole = tuple[ReceivedText, Arrived]
InTurn = Literal["in turn"]


@dataclass(frozen=True)
class Begun:
    """A text that waits for parts, as this process stored it last."""

    id: UUID
    last_text_at: datetime
    waiting: int
    contents: Mapping[int, str]
    media: tuple[MediaRef, ...]

    def seen(self, part: NewPart) -> Seen:
        """Return what stands in the database, unless something else came."""
        number, total = part.part.number, part.part.total
        there = self.contents.get(number)
        text = LongText(self.id, total, frozenset(self.contents), there, True, True)
        known = {self.id: (self.contents, self.media)}
        return Seen(self.last_text_at, False, self.waiting, [text], known)

    def and_also(self, new: NewPart, last_text_at: datetime) -> "Begun":
        contents = {**self.contents, new.part.number: new.part.content}
        return replace(
            self, last_text_at=last_text_at, contents=contents, media=(*self.media, *new.media)
        )


@dataclass(frozen=True)
class Arriving:
    """A part on its way in: of which text of which consumer."""

    at: LineRoute
    sender: Address
    text: InboundText
    new: NewPart

    @property
    def consumer(self) -> str:
        return f"{self.at.account_id}/{self.sender.key}"

    @property
    def key(self) -> tuple[object, ...]:
        """Parts of one text have the same, and so have those of a later text."""
        return (self.consumer, self.at.line_id, self.new.reference, self.new.part.total)


@dataclass(frozen=True)
class UnlockedParts:
    """Takes parts in this process: those of one consumer one after another."""

    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _begun: LRUCache[tuple[object, ...], Begun] = field(
        default_factory=lambda: LRUCache(MOST_BEGUN)
    )

    async def take(
        self, direct: Direct, at: LineRoute, sender: Address, text: InboundText, named: TextPart
    ) -> Whole | InTurn | None:
        """Store a part; return the text if it is whole now, None if it waits or the part is known.

        "in turn": nothing was stored, and it must be stored behind the consumer's other texts.
        """
        part = Arriving(at, sender, text, new_part(text, named))
        async with self._turns.setdefault(part.consumer, asyncio.Lock()):
            begun = self._begun.pop(part.key, None)
            if begun:
                stored = await self._store(direct, part, begun.seen(part.new), begun)
                if stored != "changed":
                    return stored
            return await self._look_and_store(direct, part)

    async def _look_and_store(self, direct: Direct, part: Arriving) -> Whole | InTurn | None:
        for _ in range(TRIES):
            seen = await optimistic_parts.look(direct, part.at, part.sender, part.new)
            if seen.is_known:
                return None
            stored = await self._store(direct, part, seen)
            if stored != "changed":
                return stored
        return "in turn"

    async def _store(
        self, direct: Direct, part: Arriving, seen: Seen, begun: Begun | None = None
    ) -> Whole | InTurn | Literal["changed"] | None:
        placed = place(part.new.part, seen.texts, waiting=seen.waiting)
        if placed.place is Place.first:
            return await self._begin(direct, part, seen)
        if placed.text is None or placed.place is Place.late:
            return "in turn"
        is_copy = placed.place is Place.copy
        if placed.text.lacks_one and not is_copy:
            return await _finish(direct, part, seen, placed.text.id)
        return await self._add(direct, part, seen, placed.text.id, None if is_copy else begun)

    async def _begin(self, direct: Direct, part: Arriving, seen: Seen) -> Literal["changed"] | None:
        id_, new = uuid4(), part.new
        began_at = await optimistic_parts.begin(direct, part.at, part.sender, seen, id_, new)
        if began_at is None:
            return "changed"
        if not seen.texts and new.part.total <= LONGEST_BEGUN:
            begun = Begun(id_, began_at, seen.waiting + 1, {}, ())
            self._begun[part.key] = begun.and_also(new, began_at)
        return None

    async def _add(
        self, direct: Direct, part: Arriving, seen: Seen, text_id: UUID, begun: Begun | None
    ) -> Literal["changed"] | None:
        """Add a part to its text; `begun` is given if it goes on being known."""
        is_copy = any(text.same_place is not None for text in seen.texts if text.id == text_id)
        new = replace(part.new, is_copy=is_copy)
        added_at = await optimistic_parts.add(direct, part.at, part.sender, seen, text_id, new)
        if added_at is None:
            return "changed"
        if begun:
            self._begun[part.key] = begun.and_also(new, added_at)
        return None


async def _finish(
    direct: Direct, part: Arriving, seen: Seen, text_id: UUID
) -> Whole | InTurn | Literal["changed"]:
    own, whole = account_keywords.read(part.at.keywords), _joined(seen, text_id, part)
    if may_be_keyword(whole, own) or (part.at.masks_cards and has_card(whole.text)):
        return "in turn"
    read = replace(written(whole, own), message_id=str(text_id))
    arrived = await optimistic_parts.finish(direct, part.at, part.sender, seen, read, part.new)
    return (read, arrived) if arrived else "changed"


def _joined(seen: Seen, text_id: UUID, part: Arriving) -> InboundText:
    contents, media = seen.contents[text_id]
    last, files = part.new.part, (*media, *part.new.media)
    words = joined(last.total, {**contents, last.number: last.content})
    return as_words(replace(part.text, text=words, media=files, part=None))
