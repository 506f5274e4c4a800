"""Words that PostgreSQL finds texts and consumers by.

Each word has a sign of its account in front: a search meets no word of another account, however
many accounts there are. Words are letters and digits, so they need no escaping.
"""

import hashlib
from collections.abc import Iterable
from functools import cache

from sqlalchemy import cast
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.elements import ColumnElement, literal_column

from database.tables.consumers import NUMBER_PARTS
from domain.searching.words import Sought

OF_NUMBERS: ColumnElement[str] = literal_column(NUMBER_PARTS.replace("phone", "consumer.phone"))
"""As the index has it."""


def stored_words(account_id: str, words: Iterable[str]) -> str:
    """Return words as a value of a column."""
    sign = sign_of(account_id)
    return " ".join(f"'{sign}{word}'" for word in words)


def asks_for_each(account_id: str, sought: Iterable[Iterable[Sought]]) -> ColumnElement[str]:
    """Return the question for stored words of an account, of which one of each group is there."""
    sign = sign_of(account_id)
    groups = (
        " | ".join(f"'{sign}{one.word}'{':*' if one.begins else ''}" for one in group)
        for group in sought
    )
    return cast(" & ".join(f"({group})" for group in groups), TSQUERY)


def of_field(field_id: str, word: str) -> str:
    """Return a word as it is stored for a field of consumers, which not everybody may search."""
    return f"{hashlib.sha256(field_id.encode()).hexdigest()[:8]}/{word}"


def has_number(digits: str, *, ends: bool) -> ColumnElement[bool]:
    """Return the condition on `Consumer` that their number has these digits, or ends with them."""
    return OF_NUMBERS.op("@@")(cast(f"'{digits}'" if ends else f"'{digits}':*", TSQUERY))


@cache
def sign_of(account_id: str) -> str:
    """Return what stands in front of an account's words."""
    # Two accounts with one sign only share an index: each query names its account as well.
    return hashlib.sha256(account_id.encode()).hexdigest()[:6] + "/"
