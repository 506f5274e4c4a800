"""Splits a consumer's text into parts as a phone does, with a user data header each."""

from collections.abc import Iterator

from domain.text.segments import CAPACITY, GSM_EXTENDED, Encoding, segments


def parts_of(text: str) -> list[str]:
    """Return the parts of a text; a text that fits into one is the only one."""
    counted = segments(text)
    if counted.count < 2:
        return [text]
    return list(_filled(text, counted.encoding))


def _filled(text: str, encoding: Encoding) -> Iterator[str]:
    room, part, used = CAPACITY[encoding].joined, "", 0
    for character in text:
        units = _units(character, encoding)
        if used + units > room:
            yield part
            part, used = "", 0
        part, used = part + character, used + units
    yield part


def _units(character: str, encoding: Encoding) -> int:
    if encoding is Encoding.gsm7:
        return 2 if character in GSM_EXTENDED else 1
    return 2 if ord(character) > 0xFFFF else 1


def header(reference: int, number: int, total: int, *, has_16_bits: bool) -> bytes:
    """Return the user data header of a part: 3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8."""
    if has_16_bits:
        return bytes((6, 8, 4)) + (reference % 0x10000).to_bytes(2) + bytes((total, number))
    return bytes((5, 0, 3, reference % 0x100, total, number))
