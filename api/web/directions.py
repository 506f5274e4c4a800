"""Words that are read from right to left, kept apart from what stands around them."""

import re
import unicodedata

FIRST_STRONG, POP = "\u2068", "\u2069"


def isolated(sentence: str) -> str:
    """Return a sentence of ours with right-to-left words in it kept together, by isolates.

    For where no element can stand: titles, labels, sentences with names inside. What has no such
    words comes back as it is.
    """
    return re.sub(rf"[{_RTL}](?:[^{_LTR}]*[{_RTL}])?", rf"{FIRST_STRONG}\g<0>{POP}", sentence)


def whole(words: str) -> str:
    """Return somebody's words to be set into a sentence of ours, read their own way as a whole."""
    return f"{FIRST_STRONG}{words}{POP}" if re.search(f"[{_RTL}]", words) else words


def _ranges(*directions: str) -> str:
    """Return the characters of the first plane with these directions, as ranges of a pattern."""
    found, start = [], None
    for code in range(0x10000):
        is_one = unicodedata.bidirectional(chr(code)) in directions
        if is_one and start is None:
            start = code
        if not is_one and start is not None:
            found.append(f"\\u{start:04x}-\\u{code - 1:04x}")
            start = None
    return "".join(found)


_RTL, _LTR = _ranges("R", "AL"), _ranges("L")
