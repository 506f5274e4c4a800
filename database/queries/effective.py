"""The effective settings of a line with a skill and a language, each with where it was set."""

from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import in_session
from database.queries.opening import skill_at_opening
from database.queries.policy import UnknownSkill, load_effective
from domain.errors import NotFound
from domain.policy.effective import Effective


async def effective(
    session: AsyncSession,
    account_id: str,
    line_id: str,
    skill_id: str | None = None,
    language: str | None = None,
) -> Effective:
    """Return the effective settings; without a skill, for the line's own. Raises `NotFound`."""
    try:
        if skill_id is None:
            chosen = await skill_at_opening(in_session(session), account_id, line_id)
            skill_id = chosen.skill_id
        return await load_effective(session, account_id, line_id, skill_id, language)
    except UnknownSkill as error:
        raise NotFound from error
