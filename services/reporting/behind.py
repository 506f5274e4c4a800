"""The conversations behind a number of a report, and what consumers said in their ratings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import accounts, conversations
from database.queries.conversations import ListedConversation
from database.queries.reports import behind, names
from database.queries.reports.behind import Behind, FactPosition
from database.tables import Conversation
from domain.errors import Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.reporting.catalogue import FIGURES
from domain.reporting.figures import Figure
from domain.reporting.kinds import FactKind, SplitBy
from domain.reporting.local_time import LocalTime
from domain.reporting.sums import Part
from services import auditing
from services.caller import Caller
from services.clock import utc_now
from services.reporting import running
from services.reporting.asking import limits
from services.reporting.spans import DAY, Days


@dataclass(frozen=True)
class BehindQuery:
    """What is behind a figure. `only`: ids it is limited to, as the report's row has it.

    `during`: a weekday (1 is Monday) or an hour of days. `satisfied`: of ratings, only those.
    `answer`: of a figure that counts answers, only one of these.
    """

    figure: str
    days: Days
    only: Mapping[SplitBy, str] = field(default_factory=dict)
    during: Mapping[SplitBy, int] = field(default_factory=dict)
    satisfied: bool | None = None
    answer: str | None = None


@dataclass(frozen=True)
class Counted:
    """A conversation that counts, and when it did last. `shown`: None where a manager of teams
    does not see it any more.
    """

    shown: ListedConversation | None
    position: FactPosition


async def list_conversations(
    caller: Caller,
    session: AsyncSession,
    query: BehindQuery,
    *,
    after: FactPosition | None,
    limit: int,
) -> list[Counted]:
    """Return conversations that a figure counts, those that counted last first.

    Raises `NotAllowed`, and `Invalid` for a figure that is unknown or counts no conversations.
    """
    wanted = await _behind(caller, session, query)
    now = await _running(session, wanted)
    others = replace(wanted, without=[one.conversation_id for one in now])
    found = [one for one in now if after is None or one < after]
    found += await behind.conversations(session, others, after=after, limit=limit)
    found = sorted(found, reverse=True)[:limit]
    ids = [one.conversation_id for one in found]
    shown = await conversations.with_ids(session, caller.viewer, ids)
    return [Counted(shown.get(one.conversation_id), one) for one in found]


async def _running(session: AsyncSession, wanted: Behind) -> list[FactPosition]:
    """Return the conversations that count until now: no fact tells of their wait."""
    if FactKind.queued not in wanted.part.kinds:
        return []
    clock = LocalTime(ZoneInfo(wanted.zone))
    latest: dict[UUID, datetime] = {}
    for one in await running.load(session, wanted.account_id, clock, utc_now()):
        its, at = one.conversation_id, one.fact.at
        if its and wanted.is_during(at) and one.is_among(wanted.only, wanted.led):
            latest[its] = max(at, latest.get(its, at))
    return [FactPosition(at, its) for its, at in latest.items()]


async def list_ratings(
    caller: Caller,
    session: AsyncSession,
    query: BehindQuery,
    *,
    after: FactPosition | None,
    limit: int,
) -> list[tuple[Conversation, FactPosition]]:
    """Return rated conversations with score and comment, the latest answer first.

    The last of `limit` is there to tell that there are more, and is not shown: the audit log has
    the comments of the others. Raises `NotAllowed`, `Invalid`.
    """
    wanted = await _behind(caller, session, replace(query, figure="rated"))
    found = await behind.rated(session, wanted, after=after, limit=limit)
    told = {row.id: row.agent_id for row, _ in found[: limit - 1] if row.survey_comment}
    await auditing.note_looked_in(caller, session, told, auditing.COMMENTS)
    return found


async def _behind(caller: Caller, session: AsyncSession, query: BehindQuery) -> Behind:
    caller.require(Role.manager)
    caller.require_scope(TokenScope.reports_read)
    caller.require_scope(TokenScope.conversations_read)
    query.days.check()
    figure = FIGURES.get(query.figure)
    if figure is None or not figure.has_conversations:
        raise Invalid("No conversations are behind this figure.")
    account = await accounts.find(session, caller.account_id)
    clock = LocalTime(ZoneInfo(account.time_zone))
    members = await names.members(session, account.id)
    begins: datetime = clock.begins(query.days.first)
    return Behind(
        account.id,
        _listed(figure, query.answer),
        begins,
        clock.begins(query.days.last + DAY),
        limits(query.only, members),
        caller.led,
        account.time_zone,
        query.during,
        query.satisfied,
    )


def _listed(figure: Figure, answer: str | None) -> Part:
    if answer is None:
        return figure.listed
    if not figure.answers:
        raise Invalid("No answers are behind this figure.")
    if answer not in figure.answers:
        raise Invalid(f"There is no such answer. There are: {', '.join(figure.answers)}.")
    return figure.listed_of(answer)
