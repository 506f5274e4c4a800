"""Reads hexadecimal content: the user data header of a part, and the text behind it.

3GPP TS 23.040, 9.2.3.24: a header is its length and a list of information elements, each an
identifier, a length and data. Two of them say which part of which text this is.
"""

from providers.contract import TextPart

PART_OF_8_BIT_REFERENCE = 0x00
PART_OF_16_BIT_REFERENCE = 0x08
LENGTHS = {PART_OF_8_BIT_REFERENCE: 3, PART_OF_16_BIT_REFERENCE: 4}
SPACES = "\t\n\r\f"
UNDECODED = "\ufffd"
BYTE_ORDER_MARK = "\ufeff"
LEAST_SHARE = 0.5
"""The share of octets in odd places below 0x20 from which a text is UTF-16. Ours: every script
from Greek (0x03) to Georgian (0x10) has such first octets, and so do Latin letters in UTF-16. Texts
in one octet a character have next to none.
"""


def split(octets: bytes) -> tuple[TextPart | None, bytes]:
    """Return the part that content with a header is, and the content without its header.

    The part is None for a whole text. A header longer than the content is none.
    """
    if not octets or octets[0] + 1 > len(octets):
        return None, octets
    end = octets[0] + 1
    return _part(octets[1:end]), octets[end:]


def _part(header: bytes) -> TextPart | None:
    """Return the part that a header names. Of several, the last one counts, as TS 23.040 says."""
    part, at = None, 0
    while at + 2 <= len(header):
        identifier, length = header[at], header[at + 1]
        data, at = header[at + 2 : at + 2 + length], at + 2 + length
        if LENGTHS.get(identifier) == length == len(data):
            part = _named(data) or part
    return part


def _named(data: bytes) -> TextPart | None:
    """Return the part in an element's data: reference, total, number. Nonsense is ignored."""
    reference, total, number = data[:-2].hex(), data[-2], data[-1]
    if total < 2 or not 1 <= number <= total:
        return None
    return TextPart(reference, number, total)


def decoded(octets: bytes) -> str:
    """Return the text in content without its header.

    OpenMarket does not document its charset. UTF-8 is what its other texts have; a text that cannot
    be UTF-8 is UTF-16 in network order, as phones send it, or Latin-1. A part may begin or end with
    half of a surrogate pair, which stays as it is.
    """
    narrow = _utf8(octets)
    if len(octets) % 2 == 0 and _is_wide(octets, narrow):
        wide = octets.decode("utf-16-be", "surrogatepass")
        return _storable(wide.removeprefix(BYTE_ORDER_MARK))
    return _storable(octets.decode("latin-1") if narrow is None else narrow)


def _is_wide(octets: bytes, narrow: str | None) -> bool:
    if narrow is not None and narrow.isspace():
        return False
    high = octets[::2]
    if high and sum(octet < 0x20 for octet in high) / len(high) >= LEAST_SHARE:
        return True
    if narrow is None:
        return not _is_latin(octets)
    wide = octets.decode("utf-16-be", "replace")
    return not _is_plain(narrow) and _is_plain(wide) and UNDECODED not in wide


def _is_latin(octets: bytes) -> bool:
    """Say whether content reads as Latin-1: no control characters, and mostly ASCII."""
    ascii_ones = sum(octet < 0x80 for octet in octets)
    return _is_plain(octets.decode("latin-1")) and ascii_ones * 2 > len(octets)


def _is_plain(text: str) -> bool:
    """Say whether a text has no control characters besides spaces."""
    return not any(_is_control(character) and character not in SPACES for character in text)


def _is_control(character: str) -> bool:
    return character < " " or "\x7f" <= character <= "\x9f"


def _utf8(octets: bytes) -> str | None:
    try:
        return octets.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None


def _storable(text: str) -> str:
    return text.replace("\0", "")
