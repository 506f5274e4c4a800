"""Where a text may be cut: between user-perceived characters (a part of Unicode annex 29)."""

from domain.text.marks import marks, viramas

LONGEST = 64
"""Code points of one user-perceived character; a longer one is cut anywhere. Ours: the longest
emoji sequences have about ten.
"""

JOINER = "\u200d"
EXTENDS = frozenset("\u200c\u200d\u0e33\u0eb3")
"""Joiners, and vowels of Thai and Lao that Unicode counts as letters."""


def end_before(text: str, index: int) -> int:
    """Return the last index up to `index` that splits no user-perceived character."""
    if index >= len(text):
        return len(text)
    for end in range(index, max(index - LONGEST, 0), -1):
        if not _is_inside(text, end):
            return end
    return index


def _is_inside(text: str, index: int) -> bool:
    before, after = text[index - 1], text[index]
    return (
        _extends(after)
        or before == JOINER
        or before in viramas
        or (before, after) == ("\r", "\n")
        or (_is_flag_half(after) and _is_second_half(text, index))
    )


def _extends(character: str) -> bool:
    """Say whether a character belongs to the one before it."""
    return (
        character in marks
        or character in EXTENDS
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # tones of skin
        or "\U000e0020" <= character <= "\U000e007f"  # tags: the flag of Scotland
        or "\u1160" <= character <= "\u11ff"  # vowels and finals of Korean syllables
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_second_half(text: str, index: int) -> bool:
    """Say whether an odd number of flag halves stands before an index."""
    start = index
    while start and _is_flag_half(text[start - 1]):
        start -= 1
    return (index - start) % 2 == 1
