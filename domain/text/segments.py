"""Segments of an outgoing text (3GPP TS 23.038), which carriers bill, and what forced UCS-2."""

from dataclasses import dataclass
from enum import StrEnum

from domain.text.smart_encoding import smartly_encoded

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("^{}\\[~]|€\f")
"""Characters of two septets each: an escape and the character."""


class Encoding(StrEnum):
    gsm7 = "GSM-7"
    ucs2 = "UCS-2"


@dataclass(frozen=True)
class Capacity:
    """Units (septets, or 16-bit units) of a single segment, and of each of several.

    3GPP TS 23.040: a segment has 140 octets, and one of several gives 6 of them to a header.
    """

    alone: int
    joined: int


CAPACITY = {Encoding.gsm7: Capacity(160, 153), Encoding.ucs2: Capacity(70, 67)}


@dataclass(frozen=True)
class Segments:
    """The segments of a text. `units`: septets or 16-bit units. `forced_by`: the characters that
    GSM-7 lacks, each once, in order.
    """

    count: int
    encoding: Encoding
    units: int
    forced_by: str = ""


def segments(text: str, *, smart: bool = False) -> Segments:
    """Count the segments of a text, never splitting an escape or a surrogate pair.

    `smart`: the provider replaces characters before it sends the text (Smart Encoding).
    """
    if smart:
        text = smartly_encoded(text)
    foreign = "".join(dict.fromkeys(character for character in text if not _is_gsm(character)))
    encoding = Encoding.ucs2 if foreign else Encoding.gsm7
    sizes = [_units(character, encoding) for character in text]
    return Segments(_count(sizes, CAPACITY[encoding]), encoding, sum(sizes), foreign)


def _is_gsm(character: str) -> bool:
    return character in GSM_BASIC or character in GSM_EXTENDED


def _units(character: str, encoding: Encoding) -> int:
    if encoding is Encoding.gsm7:
        return 2 if character in GSM_EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1


def _count(sizes: list[int], capacity: Capacity) -> int:
    if sum(sizes) <= capacity.alone:
        return 1 if sizes else 0
    count, used = 1, 0
    for size in sizes:
        if used + size > capacity.joined:
            count, used = count + 1, 0
        used += size
    return count
