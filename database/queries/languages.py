"""The known languages of consumers, and the storing of recognised ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.tables import Consumer
from domain.language_settings import LanguageSource


@dataclass(frozen=True)
class KnownLanguage:
    """A consumer's language. `is_set`: an agent or the API set it, so no text changes it."""

    code: str | None = None
    is_set: bool = False


KNOWN = b"""
    SELECT language, language_source FROM consumer
    WHERE id = %(consumer)s AND account_id = %(account_id)s
"""


async def known_language(direct: Direct, account_id: str, consumer: UUID) -> KnownLanguage:
    """Return the known language of an account's consumer."""
    row = await direct.fetch_one(KNOWN, {"consumer": consumer, "account_id": account_id})
    return known(*row) if row else KnownLanguage()


def known(code: str | None, source: str | None) -> KnownLanguage:
    """Return the language that a consumer's two columns hold."""
    return KnownLanguage(code, code is not None and source != LanguageSource.recognised)


WRITTEN = sql("""
    WITH RECURSIVE written(language) AS (
        (SELECT language FROM consumer WHERE account_id = :account_id AND language IS NOT NULL
         ORDER BY language LIMIT 1)
        UNION ALL
        SELECT (SELECT language FROM consumer
                WHERE account_id = :account_id AND language > written.language
                ORDER BY language LIMIT 1)
        FROM written WHERE written.language IS NOT NULL
    )
    SELECT language FROM written WHERE language IS NOT NULL
""")
"""Skips from one language to the next in the index, whatever the number of consumers."""


async def written_to(session: AsyncSession, account_id: str) -> Sequence[str]:
    """Return the known languages of an account's consumers."""
    return (await session.scalars(WRITTEN, {"account_id": account_id})).all()


KEEP = b"""
    UPDATE consumer SET language = %(language)s, language_source = %(recognised)s
    WHERE id = %(consumer)s AND (language_source IS NULL OR language_source = %(recognised)s)
"""


async def keep_recognised(direct: Direct, consumer: UUID, language: str) -> None:
    """Store a recognised language, unless an agent or the API has set one meanwhile."""
    recognised = str(LanguageSource.recognised)
    await direct.fetch_one(
        KEEP, {"consumer": consumer, "language": language, "recognised": recognised}
    )


async def keep_said(session: AsyncSession, consumer: UUID, language: str, source: str) -> None:
    """Store a language that an agent or the API set in a conversation."""
    values = {"language": language, "language_source": source}
    await session.execute(update(Consumer).where(Consumer.id == consumer).values(values))
