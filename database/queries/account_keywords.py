"""An account's own words for STOP, START and HELP, and the built-in words it has switched off."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Account, Line, LineKeyword, Source
from domain.consent.keywords import OwnWords
from domain.errors import Invalid

Stored = Mapping[str, Sequence[str]]
"""The stored form: by the name of the field of `OwnWords`."""


def read(stored: Stored) -> OwnWords:
    """Return the words stored in `account.keywords`."""
    return OwnWords(
        stop=frozenset(stored.get("stop", ())),
        start=frozenset(stored.get("start", ())),
        help=frozenset(stored.get("help", ())),
        off=frozenset(stored.get("off", ())),
    )


async def of_account(session: AsyncSession, account_id: str) -> OwnWords:
    """Return an account's current words."""
    query = select(Account.keywords).where(Account.id == account_id)
    return read(await session.scalar(query) or {})


async def save(session: AsyncSession, account_id: str, words: OwnWords) -> None:
    """Replace an account's own words, which must be folded and checked.

    Raises `Invalid` for a word that is a keyword of one of the account's lines.
    """
    await _check_not_of_lines(session, account_id, words.stop | words.start | words.help)
    stored = {
        name: sorted(getattr(words, name))
        for name in ("stop", "start", "help", "off")
        if getattr(words, name)
    }
    changed = update(Account).where(Account.id == account_id).values(keywords=stored)
    await session.execute(changed)


async def _check_not_of_lines(
    session: AsyncSession, account_id: str, words: frozenset[str]
) -> None:
    query = (
        select(LineKeyword.keyword, Line.name)
        .join(Line, Line.id == LineKeyword.line_id)
        .where(Line.account_id == account_id, Line.retired_at.is_(None))
        .where(LineKeyword.keyword.in_(words))
    )
    taken = (await session.execute(query)).first()
    if taken:
        raise Invalid(f"{taken[0]} is a keyword of the line {taken[1]}. Remove it there first.")
    of_source = select(Source.name).where(
        Source.account_id == account_id,
        Source.retired_at.is_(None),
        Source.keyword.in_(words) | Source.folded_text.in_(words),
    )
    if name := await session.scalar(of_source.limit(1)):
        raise Invalid(f'The source "{name}" has one of these words. Change it there first.')
