"""Right-to-left words, isolated so that they do not reorder the text around them."""

import re
import unicodedata
from collections.abc import Collection
from itertools import cycle

FIRST_STRONG, POP = "\u2068", "\u2069"


def isolated(sentence: str, names: Collection[str] = ()) -> str:
    """Return a sentence of ours with each right-to-left stretch in an isolate.

    For places without elements: titles, labels, sentences with names. Each of `names` is isolated
    as a whole, Latin letters included. Elsewhere a number or a bracket that follows right-to-left
    words belongs to them. A sentence without such words is returned unchanged.
    """
    if not _HAS_RTL.search(sentence):
        return sentence
    inside = sorted((name for name in names if name in sentence), key=len, reverse=True)
    if not inside:
        return _STRETCH.sub(_kept, sentence)
    named = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, inside))})(?!\w)")
    parts = named.split(sentence)
    return "".join(
        whole(part) if is_name else _STRETCH.sub(_kept, part)
        for part, is_name in zip(parts, cycle((False, True)), strict=False)
    )


def whole(words: str) -> str:
    """Return a name or other words isolated as a whole, to be put into a sentence of ours."""
    return f"{FIRST_STRONG}{words}{POP}" if _HAS_RTL.search(words) else words


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
_HAS_RTL = re.compile(f"[{_RTL}]")
_STRETCH = re.compile(rf"[{_RTL}](?:[^{_LTR}]*[{_RTL}])?(?: ?\d(?:[\d/.:,-]*\d)?)?(\))?")


def _kept(found: re.Match[str]) -> str:
    """Return a stretch in an isolate, with a bracket behind it only if it was opened inside."""
    words, bracket = found[0], found[1] or ""
    is_inside = bracket and words.count("(") == words.count(")")
    if bracket and not is_inside:
        words = words[: -len(bracket)]
    return f"{FIRST_STRONG}{words}{POP}{'' if is_inside else bracket}"
