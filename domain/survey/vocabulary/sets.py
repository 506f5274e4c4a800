"""Helpers to write word lists: folded, and for six languages together.

Folded means without case, accents, punctuation and width, as `domain.survey.tokens` leaves words.
All languages are looked up at once, because people answer in another one than they were asked in.
"""


def words(text: str) -> frozenset[str]:
    """Return the words of a list separated by spaces."""
    return frozenset(text.split())


def phrases(text: str) -> frozenset[str]:
    """Return the phrases of a list separated by commas."""
    return frozenset(phrase.strip() for phrase in text.split(","))
