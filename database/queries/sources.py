"""Sources: their rows, how many conversations each began, and which words are taken."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_keywords
from database.tables import Conversation, LineKeyword, Source
from domain.consent.keywords import keyword_in
from domain.errors import Conflict, Invalid
from domain.origins.kinds import OriginKind


async def counts(
    session: AsyncSession, account_id: str, source_ids: Collection[str]
) -> dict[str, int]:
    """Return how many conversations began with each source."""
    query = (
        select(Conversation.origin_id, func.count())
        .where(
            Conversation.account_id == account_id,
            Conversation.origin == str(OriginKind.source),
            Conversation.origin != str(OriginKind.text),  # as the index has it
            Conversation.origin_id.in_(source_ids),
        )
        .group_by(Conversation.origin_id)
    )
    found = {str(row[0]): int(row[1]) for row in await session.execute(query)}
    return {source_id: found.get(source_id, 0) for source_id in source_ids}


async def check_free(session: AsyncSession, source: Source) -> None:
    """Raise `Conflict` where a text of one source would count for another or for the line's words.

    Raises `Invalid` for a first text that means STOP, START or HELP.
    """
    own = await account_keywords.of_account(session, source.account_id)
    for text in (source.keyword, source.folded_text):
        if text and keyword_in(text, is_opted_out=True, own=own):
            raise Invalid(f"{text} already means STOP, START or HELP.")
    word = source.folded_text.split()[0]
    of_line = select(LineKeyword.keyword).where(
        LineKeyword.line_id == source.line_id, LineKeyword.keyword == word
    )
    if await session.scalar(of_line):
        raise Conflict(f"{word} is a keyword of the line. Choose another word.")
    others = select(Source.name).where(
        Source.line_id == source.line_id,
        Source.id != source.id,
        Source.retired_at.is_(None),
        _takes(source, word),
    )
    if name := await session.scalar(others.limit(1)):
        raise Conflict(f'A text that begins with {word} counts for the source "{name}".')


async def keyword_taken(session: AsyncSession, line_id: str, words: Collection[str]) -> str | None:
    """Return one of these words that is the keyword of a source of the line, None if none is."""
    query = select(Source.keyword).where(
        Source.line_id == line_id, Source.retired_at.is_(None), Source.keyword.in_(words)
    )
    return await session.scalar(query.limit(1))


def _takes(source: Source, word: str) -> ColumnElement[bool]:
    """Return the condition under which another source takes a text of this one, or loses its own.

    Without keywords, sources are told apart by their whole texts.
    """
    is_taken = (Source.keyword == word) | (Source.folded_text == source.folded_text)
    if source.keyword is None:
        return is_taken
    begins = Source.folded_text.startswith(f"{word} ", autoescape=True)
    return is_taken | (Source.folded_text == word) | begins
