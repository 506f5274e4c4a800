"""The surveys an account has set: for the whole account, a connector, or a line."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Survey
from domain.errors import NotFound
from domain.settings.resolution import Setting, Source
from domain.settings.scope import Scope
from domain.survey.design import SurveyDesign


def design(row: Survey) -> Setting[SurveyDesign]:
    """Return a row as a setting for `domain.settings.resolution`."""
    scope = Scope(line_id=row.line_id, connector_id=row.connector_id)
    return Setting(SurveyDesign.stored(row.definition), Source.of(scope, row.id))


async def listed(session: AsyncSession, account_id: str) -> Sequence[Survey]:
    """Return an account's surveys, the one for the whole account first."""
    query = select(Survey).where(Survey.account_id == account_id)
    order = (Survey.line_id.nulls_first(), Survey.connector_id.nulls_first())
    return (await session.scalars(query.order_by(*order))).all()


async def put(
    session: AsyncSession,
    account_id: str,
    design: SurveyDesign,
    *,
    line_id: str | None = None,
    connector_id: str | None = None,
) -> Survey:
    """Set a complete survey, replacing the one in the same scope."""
    definition = design.model_dump(mode="json")
    statement = insert(Survey).values(
        account_id=account_id, line_id=line_id, connector_id=connector_id, definition=definition
    )
    scope = [Survey.account_id, Survey.connector_id, Survey.line_id]
    changed = statement.on_conflict_do_update(index_elements=scope, set_={"definition": definition})
    refreshed = changed.returning(Survey).execution_options(populate_existing=True)
    return (await session.scalars(refreshed)).one()


async def remove(session: AsyncSession, account_id: str, row: int) -> None:
    """Remove a survey, so that a less specific one or the default applies. Raises `NotFound`."""
    found = await session.get(Survey, row)
    if found is None or found.account_id != account_id:
        raise NotFound
    await session.delete(found)
