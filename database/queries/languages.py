"""Which language a consumer writes, as it is known, and keeping what was recognised."""

from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Consumer
from domain.words import LanguageSource


@dataclass(frozen=True)
class KnownLanguage:
    """What a consumer writes. `is_set`: an agent or the API said so; no text changes it."""

    code: str | None = None
    is_set: bool = False


async def known_language(session: AsyncSession, account_id: str, consumer: int) -> KnownLanguage:
    """Return what is known of an account's consumer, by row."""
    query = select(Consumer.language, Consumer.language_source).where(
        Consumer.id == consumer, Consumer.account_id == account_id
    )
    row = (await session.execute(query)).one_or_none()
    if row is None or row.language is None:
        return KnownLanguage()
    return KnownLanguage(row.language, row.language_source != LanguageSource.recognised)


async def keep_recognised(session: AsyncSession, consumer: int, language: str) -> None:
    """Keep a language that was recognised, unless one was set by hand meanwhile."""
    may_change = or_(
        Consumer.language_source.is_(None),
        Consumer.language_source == str(LanguageSource.recognised),
    )
    values = {"language": language, "language_source": str(LanguageSource.recognised)}
    await session.execute(
        update(Consumer).where(Consumer.id == consumer, may_change).values(values)
    )


async def keep_said(session: AsyncSession, consumer: int, language: str, source: str) -> None:
    """Keep a language that an agent or the API set in a conversation, by row."""
    values = {"language": language, "language_source": source}
    await session.execute(update(Consumer).where(Consumer.id == consumer).values(values))
