"""Words that PostgreSQL finds texts and consumers by.

Each word has a sign of its account in front: a search meets no word of another account, however
many accounts there are. Words of an account's own field of its consumers have a sign of the field
instead, and are asked for by who may see the field. Words are letters and digits, so they need no
escaping.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from functools import cache

from sqlalchemy import cast, literal_column, select
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.tables import Consumer, ConsumerWords
from database.tables.finding import NUMBER_PARTS
from domain.consumers.profile import Profile
from domain.searching.words import Sought, words_of


def stored_words(account_id: str, words: Iterable[str], field_id: str = "") -> str:
    """Return words as a value of a column."""
    sign = _sign(account_id, field_id)
    return " ".join(f"'{sign}{word}'" for word in words)


def asks_for(
    account_id: str, sought: Iterable[Sought], fields: Collection[str] = ()
) -> ColumnElement[str]:
    """Return the question for stored words that are all there. `fields`: where else they may be."""
    signs = [_sign(account_id, field_id) for field_id in ("", *fields)]
    return cast(" & ".join(_any_of(signs, one) for one in sought), TSQUERY)


def _any_of(signs: Sequence[str], one: Sought) -> str:
    ending = ":*" if one.begins else ""
    asked = " | ".join(f"'{sign}{one.word}'{ending}" for sign in signs)
    return f"({asked})"


def has_number(digits: str, *, ends: bool) -> ColumnElement[bool]:
    """Return the condition on `ConsumerWords` that the number has these digits, or ends so."""
    asked = cast(f"'{digits}'" if ends else f"'{digits}':*", TSQUERY)
    return ConsumerWords.number_parts.op("@@")(asked)


async def keep_known(session: AsyncSession, rows: Sequence[Consumer], profile: Profile) -> None:
    """Store what numbers of a consumer are found by besides the numbers."""
    if not rows:
        return
    words = _known(rows[0].account_id, profile)
    ids = [row.id for row in rows]
    parts: ColumnElement[str] = literal_column(NUMBER_PARTS)
    theirs = select(Consumer.id, Consumer.account_id, parts, cast(words, TSVECTOR))
    row = insert(ConsumerWords).from_select(
        ["consumer_id", "account_id", "number_parts", "words"], theirs.where(Consumer.id.in_(ids))
    )
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[ConsumerWords.consumer_id], set_={"words": row.excluded.words}
        )
    )


def _known(account_id: str, profile: Profile) -> str:
    own = " ".join(filter(None, (profile.name, profile.email, profile.note)))
    stored = [stored_words(account_id, words_of(own))]
    stored += [
        stored_words(account_id, words_of(value), field_id)
        for field_id, value in profile.fields.items()
        if isinstance(value, str)
    ]
    return " ".join(stored)


@cache
def _sign(account_id: str, field_id: str) -> str:
    # Two with one sign only share an index: each query names its account as well.
    return hashlib.sha256(f"{account_id}/{field_id}".encode()).hexdigest()[:6] + "/"
