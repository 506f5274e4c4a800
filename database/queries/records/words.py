"""Words of transcripts as records store them: with their places, and stems with a mark."""

from collections.abc import Iterator

from sqlalchemy import cast
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.elements import ColumnElement

from database.queries.words import sign_of
from domain.searching.stems import begins
from domain.searching.transcripts import Asked, TranscriptWords
from domain.searching.words import Sought

STEM = "~"
"""The mark of a stem, which no word has."""


def stored(account_id: str, found: TranscriptWords) -> str:
    """Return the words of a transcript as a value of their column."""
    sign = sign_of(account_id)
    words = (f"'{sign}{word}':{','.join(map(str, places))}" for word, places in found.words.items())
    return " ".join([*words, *(f"'{sign}{STEM}{stem}'" for stem in sorted(found.stems))])


def asks(account_id: str, asked: Asked) -> ColumnElement[str]:
    """Return the question for what a search asks of a transcript."""
    return cast(" & ".join(_parts(sign_of(account_id), asked)), TSQUERY)


def _parts(sign: str, asked: Asked) -> Iterator[str]:
    for one, stems in asked.words:
        # A stem that is a word of the transcript itself is not stored again.
        as_words = [_written(sign, Sought(stem, begins(stem))) for stem in stems]
        as_stems = [f"'{sign}{STEM}{stem}'" for stem in stems]
        yield f"({' | '.join(dict.fromkeys([_written(sign, one), *as_words, *as_stems]))})"
    for phrase in asked.phrases:
        yield f"({' <-> '.join(_written(sign, one) for one in phrase)})"


def _written(sign: str, one: Sought) -> str:
    return f"'{sign}{one.word}'{':*' if one.begins else ''}"
