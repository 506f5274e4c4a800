"""Turns events into notices, once: one process at a time reads an account's events."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.queries import events, workspace
from database.tables import (
    Agent,
    Conversation,
    Notice,
    NoticePreference,
    NoticeReading,
    Participation,
    TeamMember,
    TeamSkill,
)
from database.tables.notices import IS_MERGED, IS_OVERDUE
from domain.conversation.kinds import Status
from domain.notices.kinds import CATALOGUE, NoticeKind, Preferences, preferences
from domain.notices.rules import NOBODY, Involved, Settled
from domain.people.roles import Role

CHANNEL_NOTICES = "switchboard_notices"
"""NOTIFY with an account, and the notices of its people that are new or changed."""
LATE = timedelta(hours=1)
"""An answer that is overdue for longer was told of, or nobody is helped by a notice now. Ours."""
TOLD_AT_ONCE = 80
"""Notices named in one NOTIFY, which holds 8000 bytes. Ours."""


@dataclass(frozen=True)
class Written:
    """A notice that is new or has changed."""

    id: int
    agent_id: str
    kind: NoticeKind
    at: datetime
    times: int = 1
    due_at: datetime | None = None
    is_settled: bool = False


@dataclass(frozen=True)
class NewNotice:
    """A notice to write. `times`: how often it happened since the last look."""

    agent_id: str
    kind: NoticeKind
    conversation_id: UUID | None
    at: datetime
    by: str | None = None
    message_id: UUID | None = None
    why: str | None = None
    due_at: datetime | None = None
    times: int = 1
    data: Mapping[str, object] | None = None


async def lead(session: AsyncSession, account_id: str) -> NoticeReading | None:
    """Lock how far an account's events were read; None while another process reads on."""
    table = NoticeReading
    fresh = insert(table).values(account_id=account_id, last_event_id=0).on_conflict_do_nothing()
    query = select(table).where(table.account_id == account_id)
    locked = query.with_for_update(skip_locked=True)
    found = (await session.scalars(locked)).one_or_none()
    if found is None and (await session.scalars(query)).one_or_none() is None:
        await session.execute(fresh)
        found = (await session.scalars(locked)).one_or_none()
    if found is not None:
        newest = await events.latest_id(session, account_id)
        # A database that was restored to an earlier time counts up to old ids again.
        found.last_event_id = min(found.last_event_id, newest)
    return found


BEHIND = b"""
    SELECT account.id FROM account
    LEFT JOIN notice_reading ON notice_reading.account_id = account.id
    WHERE EXISTS (
        SELECT FROM event WHERE event.account_id = account.id
        AND event.id > coalesce(notice_reading.last_event_id, 0)
    )
"""


async def behind(direct: Direct) -> frozenset[str]:
    """Return the accounts with events that were not read."""
    return frozenset(str(row[0]) for row in await direct.fetch_all(BEHIND, {}))


DUE = b"""
    SELECT min(response_due_at) FILTER (WHERE response_due_at > %(now)s),
        array_agg(DISTINCT account_id) FILTER (
            WHERE response_due_at <= %(now)s AND response_due_at > %(since)s AND NOT EXISTS (
                SELECT FROM notice WHERE notice.kind = 'overdue'
                AND notice.agent_id = conversation.agent_id
                AND notice.conversation_id = conversation.id
                AND notice.due_at = conversation.response_due_at
            )
        )
    FROM conversation WHERE status = 'assigned' AND agent_id IS NOT NULL
"""
"""Read by the index of assigned conversations: an index of deadlines would slow down each step."""


async def overdue_soon(direct: Direct, now: datetime) -> tuple[datetime | None, frozenset[str]]:
    """Return when the next answer becomes overdue, and the accounts with one that just did."""
    row = await direct.fetch_one(DUE, {"now": now, "since": now - LATE})
    next_at, accounts = row if row else (None, None)
    return next_at, frozenset(accounts or ())


async def newly_overdue(session: AsyncSession, account_id: str, now: datetime) -> list[Written]:
    """Write a notice for each answer that became overdue; a deadline is told of once."""
    table = Conversation
    overdue = select(
        table.account_id,
        table.agent_id,
        sql(f"'{NoticeKind.overdue}'"),
        table.id,
        table.response_due_at,
        table.response_due_at,
    ).where(
        table.account_id == account_id,
        table.status == str(Status.assigned),
        table.agent_id.is_not(None),
        table.response_due_at <= now,
        table.response_due_at > now - LATE,
    )
    columns = ["account_id", "agent_id", "kind", "conversation_id", "at", "due_at"]
    written = (
        insert(Notice)
        .from_select(columns, overdue)
        .on_conflict_do_nothing(
            index_elements=["agent_id", "conversation_id", "due_at"], index_where=sql(IS_OVERDUE)
        )
        .returning(Notice)
    )
    return [_written(row) for row in await session.scalars(written)]


async def write(session: AsyncSession, account_id: str, new: Sequence[NewNotice]) -> list[Written]:
    """Write notices. One that merges counts up what is unread of its conversation."""
    written: list[Written] = []
    for merges in (False, True):
        rows = [_row(account_id, one) for one in new if CATALOGUE[one.kind].merges is merges]
        if not rows:
            continue
        statement = insert(Notice).values(rows)
        if merges:
            fresh = statement.excluded
            statement = statement.on_conflict_do_update(
                index_elements=["agent_id", "conversation_id", "kind"],
                index_where=sql(IS_MERGED),
                set_={
                    "times": Notice.times + fresh.times,
                    "at": fresh.at,
                    "message_id": fresh.message_id,
                    "by_agent_id": fresh.by_agent_id,
                },
            )
        found = await session.scalars(
            statement.returning(Notice), execution_options={"populate_existing": True}
        )
        written += [_written(row) for row in found]
    return written


def _row(account_id: str, new: NewNotice) -> dict[str, object]:
    return {
        "account_id": account_id,
        "agent_id": new.agent_id,
        "kind": str(new.kind),
        "conversation_id": new.conversation_id,
        "message_id": new.message_id,
        "by_agent_id": new.by,
        "why": new.why,
        "data": dict(new.data or {}),
        "times": new.times,
        "at": new.at,
        "due_at": new.due_at,
    }


def _written(row: Notice) -> Written:
    return Written(row.id, row.agent_id, NoticeKind(row.kind), row.at, row.times, row.due_at)


SETTLE = sql("""
    UPDATE notice SET read_at = :at
    FROM jsonb_to_recordset(CAST(:done AS jsonb)) AS done (
        conversation_id uuid, kinds jsonb, "of" text, but text
    )
    WHERE notice.conversation_id = done.conversation_id AND notice.read_at IS NULL
        AND done.kinds ? notice.kind
        AND (done."of" IS NULL OR notice.agent_id = done."of")
        AND notice.agent_id IS DISTINCT FROM done.but
    RETURNING notice.id, notice.agent_id, notice.kind, notice.at, notice.times
""")


async def settle(
    session: AsyncSession, done: Sequence[tuple[UUID, Settled]], now: datetime
) -> list[Written]:
    """Mark notices of conversations as read that need nothing any more."""
    if not done:
        return []
    rows = [
        {
            "conversation_id": str(conversation_id),
            "kinds": [str(kind) for kind in one.kinds],
            "of": one.of,
            "but": one.but,
        }
        for conversation_id, one in done
    ]
    found = await session.execute(SETTLE, {"at": now, "done": json.dumps(rows)})
    return [
        Written(row.id, row.agent_id, NoticeKind(row.kind), row.at, row.times, is_settled=True)
        for row in found
    ]


async def involved(
    session: AsyncSession, conversation_ids: Collection[UUID], now: datetime
) -> Mapping[UUID, Involved]:
    """Return who is in some conversations now."""
    if not conversation_ids:
        return {}
    table = Conversation
    query = select(table.id, table.agent_id, table.status).where(table.id.in_(conversation_ids))
    rows = (await session.execute(query)).all()
    joined = await _joined(session, conversation_ids)
    passed_on = await _transferred(session, conversation_ids, now)
    return {
        row.id: Involved(
            holder=row.agent_id if row.status == Status.assigned else None,
            last_holder=row.agent_id,
            joined=frozenset(joined.get(row.id, ())),
            transferred_at=passed_on.get(row.id, NOBODY).transferred_at,
            transferred_to=passed_on.get(row.id, NOBODY).transferred_to,
        )
        for row in rows
    }


async def _joined(
    session: AsyncSession, conversation_ids: Collection[UUID]
) -> Mapping[UUID, list[str]]:
    """Return the managers who write alongside the agents. Few managers ever join, and few stay."""
    query = (
        select(Participation.conversation_id, Participation.agent_id)
        .join(Agent, Agent.id == Participation.agent_id)
        .join(Conversation, Conversation.id == Participation.conversation_id)
        .where(
            Participation.conversation_id.in_(conversation_ids),
            Conversation.status.in_([str(Status.assigned), str(Status.waiting)]),
            Conversation.agent_id.is_distinct_from(Participation.agent_id),
            Agent.role != str(Role.agent),
        )
    )
    found: dict[UUID, list[str]] = {}
    for row in (await session.execute(query)).all():
        if await workspace.has_joined(session, row.conversation_id, row.agent_id):
            found.setdefault(row.conversation_id, []).append(row.agent_id)
    return found


async def _transferred(
    session: AsyncSession, conversation_ids: Collection[UUID], now: datetime
) -> Mapping[UUID, Involved]:
    """Return to whom conversations were transferred just now."""
    query = (
        select(Notice.conversation_id, Notice.agent_id, func.max(Notice.at).label("at"))
        .join(Conversation, Conversation.id == Notice.conversation_id)
        .where(
            Notice.conversation_id.in_(conversation_ids),
            Notice.agent_id == Conversation.agent_id,
            Notice.kind == str(NoticeKind.transferred),
            Notice.at > now - LATE,
        )
        .group_by(Notice.conversation_id, Notice.agent_id)
    )
    return {
        row.conversation_id: Involved(transferred_at=row.at, transferred_to=row.agent_id)
        for row in await session.execute(query)
    }


async def preferences_of(
    session: AsyncSession, agent_ids: Collection[str]
) -> Mapping[str, Preferences]:
    """Return the preferences of some people."""
    query = select(NoticePreference).where(NoticePreference.agent_id.in_(agent_ids))
    chosen = {row.agent_id: row.chosen for row in await session.scalars(query)}
    return {agent_id: preferences(chosen.get(agent_id, {})) for agent_id in agent_ids}


async def announce(session: AsyncSession, account_id: str, told: Sequence[Written]) -> None:
    """Notify the API of notices that are new or changed, at commit."""
    for begin in range(0, len(told), TOLD_AT_ONCE):
        some = [(one.agent_id, one.id) for one in told[begin : begin + TOLD_AT_ONCE]]
        payload = json.dumps([account_id, *some], separators=(",", ":"))
        await session.execute(select(func.pg_notify(CHANNEL_NOTICES, payload)))


async def managers(session: AsyncSession, account_id: str, skill_id: str | None) -> frozenset[str]:
    """Return the ids of an account's admins and managers who see to a skill, or to what is of none.

    Managers in teams see to their teams' skills only.
    """
    in_team = exists().where(TeamMember.agent_id == Agent.id)
    in_its_team = exists().where(
        TeamMember.agent_id == Agent.id,
        TeamSkill.team_id == TeamMember.team_id,
        TeamSkill.skill_id == skill_id,
    )
    is_manager = Agent.role == str(Role.manager)
    query = select(Agent.id).where(
        Agent.account_id == account_id,
        Agent.retired_at.is_(None),
        or_(Agent.role == str(Role.admin), is_manager & (~in_team | in_its_team)),
    )
    return frozenset(await session.scalars(query))
