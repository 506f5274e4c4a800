"""Keywords that route a line's conversations to a skill other than the line's own."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_keywords, skills, sources
from database.tables import Line, LineKeyword
from domain.consent.keywords import keyword_in
from domain.errors import Invalid
from domain.text.folding import fold


async def of_lines(session: AsyncSession, line_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """Return lines' keywords, each with its skill."""
    found: dict[str, dict[str, str]] = {line_id: {} for line_id in line_ids}
    table = LineKeyword
    query = select(table).where(table.line_id.in_(line_ids)).order_by(table.keyword)
    for row in await session.scalars(query):
        found[row.line_id][row.keyword] = row.skill_id
    return found


async def save(session: AsyncSession, line: Line, wanted: Mapping[str, str]) -> None:
    """Replace a line's keywords by these, which must be folded.

    Raises `Invalid` for unknown skills, and for the account's words for STOP, START and HELP.
    """
    own = await account_keywords.of_account(session, line.account_id)
    for word in wanted:
        if keyword_in(word, is_opted_out=True, own=own):
            raise Invalid(f"{word} already means STOP, START or HELP.")
    if taken := await sources.keyword_taken(session, line.id, wanted.keys()):
        raise Invalid(f"{taken} is the keyword of a source of this line.")
    await skills.check_known(session, line.account_id, set(wanted.values()))
    await session.execute(delete(LineKeyword).where(LineKeyword.line_id == line.id))
    if wanted:
        rows = [
            {"line_id": line.id, "keyword": word, "skill_id": skill}
            for word, skill in wanted.items()
        ]
        await session.execute(insert(LineKeyword), rows)


def folded(pairs: Collection[tuple[str, str]]) -> dict[str, str]:
    """Return keywords folded for comparison. Raises `Invalid` for those that could never match."""
    words: dict[str, str] = {}
    for keyword, skill in pairs:
        word = fold(keyword)
        if not word or " " in word:
            raise Invalid(f"The keyword {keyword} is not one word of letters and digits.")
        if word in words:
            raise Invalid(f"The keyword {keyword} is given twice.")
        words[word] = skill
    return words
