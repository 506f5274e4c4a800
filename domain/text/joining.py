"""Joining the parts of a consumer's long text, which some providers deliver one by one.

A phone cuts a long text into parts with a reference, a number and the total. The reference has 8 or
16 bits and no other meaning: a phone uses it again for later texts, some phones for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

MOST_PARTS = 255
"""The total has eight bits: 3GPP TS 23.040, 9.2.3.24.1."""
WINDOW_SECONDS = 60
"""How long a text waits for its parts unless the connector says otherwise. By design
(docs/behaviour.md): parts of one text come within seconds.
"""
LATE_FOR = timedelta(hours=1)
"""How long after the first part a missing part is still recognised as late. Ours: a carrier rarely
delays parts for longer, and a phone needs hours for the 256 texts after which a reference returns.
A part that is later than this becomes a text of its own, marked as incomplete.
"""
MOST_AT_ONCE = 10
"""Texts of one consumer that wait for parts at once. Ours: people write one at a time. Parts of
more texts are not joined.
"""
MOST_CANDIDATES = 50
"""Texts with the same reference that a part is compared with, the newest ones. Ours: one phone has
no more within `LATE_FOR`.
"""
UTF_16 = "utf-16-be"


class Segments(StrEnum):
    """What happens to parts of a long text: a connector's setting."""

    separate = "separate"
    """Each part is a text of its own."""
    joined = "joined"
    """Parts wait for one another and become one text."""


class Place(StrEnum):
    """Where a part belongs."""

    first = "first"
    """A text that is not known yet."""
    next = "next"
    """A text that waits for it."""
    copy = "copy"
    """A text that has this part already."""
    late = "late"
    """A text that did not wait for it any longer."""
    alone = "alone"
    """Nowhere: it is a text of its own."""


@dataclass(frozen=True)
class Part:
    """A part of a long text. `content` may begin or end with half of a surrogate pair."""

    number: int
    total: int
    content: str

    @property
    def is_sound(self) -> bool:
        """Whether a phone can have cut a text like this."""
        return 2 <= self.total <= MOST_PARTS and 1 <= self.number <= self.total


@dataclass(frozen=True)
class LongText:
    """A long text of the same phone, reference and total as a part, as far as it arrived.

    `same_place`: what stands where the part would stand, if anything does. `is_new`: its first part
    arrived so recently that a phone or carrier may be repeating itself.
    """

    id: UUID
    total: int
    numbers: frozenset[int]
    same_place: str | None
    is_waiting: bool
    is_new: bool

    @property
    def lacks_one(self) -> bool:
        """Whether one part is missing."""
        return len(self.numbers) + 1 == self.total


@dataclass(frozen=True)
class Placed:
    """Where a part belongs, and the long text, unless the part is the first one or alone."""

    place: Place
    text: LongText | None = None


def place(part: Part, texts: Sequence[LongText], *, waiting: int) -> Placed:
    """Return where a part belongs, given the texts it may belong to, oldest first.

    `waiting`: how many of the consumer's texts wait for parts, whatever their reference. The same
    part with the same words is a copy. With other words, it is of another text.
    """
    if not part.is_sound:
        return Placed(Place.alone)
    candidates = (
        (Place.copy, lambda text: text.same_place == part.content and text.is_new),
        (Place.next, lambda text: text.same_place is None and text.is_waiting),
        (Place.late, lambda text: text.same_place is None and not text.is_waiting),
    )
    for where, belongs in candidates:
        for text in texts:
            if belongs(text):
                return Placed(where, text)
    return Placed(Place.first if waiting < MOST_AT_ONCE else Place.alone)


def joined(total: int, contents: Mapping[int, str]) -> str:
    """Return the whole text, with a mark wherever parts are missing."""
    pieces, number = [], 1
    while number <= total:
        if number in contents:
            pieces.append(contents[number])
            number += 1
            continue
        first = number
        while number <= total and number not in contents:
            number += 1
        pieces.append(_gap(first, number - 1, total))
    return whole("".join(pieces)).strip(" ") if len(contents) < total else whole("".join(pieces))


def whole(text: str) -> str:
    """Return a text with halves of surrogate pairs put together; other halves become U+FFFD."""
    return text.encode(UTF_16, "surrogatepass").decode(UTF_16, "replace")


def late(part: Part) -> str:
    """Return a late part as the text of its own that it becomes."""
    return f"[late: part {part.number} of {part.total}] {whole(part.content)}"


def _gap(first: int, last: int, total: int) -> str:
    if first == last:
        return f" [part {first} of {total} is missing] "
    return f" [parts {first} to {last} of {total} are missing] "
