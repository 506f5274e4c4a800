"""The closing survey of the account, a connector or a line."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, surveys
from database.tables import Connector, Line, Survey
from domain.errors import Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.survey.design import SurveyDesign
from services.caller import Caller


async def listed(caller: Caller, session: AsyncSession) -> Sequence[Survey]:
    """Return the surveys the account has set."""
    caller.require(Role.agent)
    return await surveys.listed(session, caller.account_id)


async def put(
    caller: Caller,
    session: AsyncSession,
    design: SurveyDesign,
    *,
    line_id: str | None = None,
    connector_id: str | None = None,
) -> Survey:
    """Set a whole survey. Open conversations keep the old one until they are transferred.

    Raises `Invalid` for both a line and a connector; `NotFound`, `Conflict` for one
    that does not exist or is retired.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    if line_id and connector_id:
        raise Invalid("A survey is for one of: a line, a connector, the whole account.")
    if line_id:
        await account_rows.find_active(session, Line, caller.account_id, line_id)
    if connector_id:
        await account_rows.find_active(session, Connector, caller.account_id, connector_id)
    return await surveys.put(
        session, caller.account_id, design, line_id=line_id, connector_id=connector_id
    )


async def remove(caller: Caller, session: AsyncSession, survey_id: int) -> None:
    """Remove a survey: a less specific one or the default applies again. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    await surveys.remove(session, caller.account_id, survey_id)
