"""What reports can be limited to, by name."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.reports import names
from domain.origins.kinds import OriginKind
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.reporting.kinds import SplitBy
from domain.reporting.sources import BATCH
from services.caller import Caller

FILTERS = (SplitBy.skill, SplitBy.agent, SplitBy.team, SplitBy.line, SplitBy.source, SplitBy.label)


async def load_choices(
    caller: Caller, session: AsyncSession
) -> Mapping[SplitBy, Mapping[str, str]]:
    """Return the names of skills, agents and so on by their ids, retired ones too.

    How conversations begin without a source of the account's own is named by its kind.
    """
    caller.require(Role.manager)
    caller.require_scope(TokenScope.reports_read)
    found = {by: dict(await names.of(session, caller.account_id, by)) for by in FILTERS}
    kinds = {str(kind): str(kind) for kind in OriginKind if kind is not OriginKind.source}
    found[SplitBy.source] = kinds | {BATCH: BATCH} | found[SplitBy.source]
    return found
