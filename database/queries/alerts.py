"""Alerts: found by one statement for all accounts, kept while they last."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, and_, cast, select, true
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.tables import Alert, Connector, ExportSchedule, Line, Skill
from domain.board.kinds import AlertKind
from domain.board.times import NOBODY_FOR, REFUSED_WITHIN
from domain.exporting.kinds import NAMED_ERASED

# Whoever is late finds what another process has just found: the index of present alerts decides.
PRESENT = sql("""
    SELECT account.id AS account_id, 'waiting_long' AS kind, entry.skill_id AS subject_id
    FROM account JOIN queue_entry AS entry ON entry.account_id = account.id
    WHERE entry.entered_at < :now - make_interval(secs => account.alert_waiting_seconds)
    GROUP BY account.id, entry.skill_id
    UNION ALL
    SELECT account.id, 'nobody_online', entry.skill_id
    FROM account JOIN queue_entry AS entry ON entry.account_id = account.id
    JOIN skill ON skill.id = entry.skill_id
    WHERE account.alerts_nobody_online AND entry.requested_agent_id IS NULL AND NOT EXISTS (
        SELECT FROM agent_skill JOIN agent ON agent.id = agent_skill.agent_id
        WHERE agent_skill.skill_id IN (entry.skill_id, skill.fallback_skill_id)
          AND agent.retired_at IS NULL
          AND (agent.state = 'online' OR agent.state_since > :now - CAST(:nobody_for AS interval))
    )
    GROUP BY account.id, entry.skill_id
    HAVING min(entry.entered_at) < :now - CAST(:nobody_for AS interval)
    UNION ALL
    SELECT account.id, 'connector_paused', connector.id
    FROM account JOIN connector ON connector.account_id = account.id
    JOIN connector_pause AS pause ON pause.connector_id = connector.id
    WHERE account.alerts_texts_not_passing AND connector.retired_at IS NULL
      AND pause.resumed_at IS NULL
    UNION ALL
    SELECT account.id, 'texts_refused', line.id
    FROM account JOIN line ON line.account_id = account.id
    JOIN (
        SELECT line_id, last_at FROM line_refusal
        UNION ALL SELECT line_id, last_at FROM webhook_refusal
    ) AS refusal ON refusal.line_id = line.id
    WHERE account.alerts_texts_not_passing AND line.retired_at IS NULL
      AND refusal.last_at > :now - CAST(:refused_within AS interval)
    GROUP BY account.id, line.id
    UNION ALL
    SELECT account.id, 'line_broken', line.id
    FROM account JOIN line ON line.account_id = account.id
    JOIN line_health AS health ON health.line_id = line.id
    WHERE account.alerts_texts_not_passing AND line.retired_at IS NULL
      AND health.broken_since IS NOT NULL
    UNION ALL
    SELECT account.id, 'bound_reached', line.id
    FROM account JOIN line ON line.account_id = account.id
    JOIN bound_hit ON bound_hit.line_id = line.id
    WHERE line.retired_at IS NULL AND bound_hit.last_at > :now - CAST(:refused_within AS interval)
    UNION ALL
    SELECT account_id, 'export_failing', id::text FROM export_schedule
    WHERE failure IS NOT NULL AND retired_at IS NULL
      AND (paused_at IS NULL OR failure = :named_erased)
""")
BEGIN = sql("""
    INSERT INTO alert (account_id, kind, subject_id, began_at)
    VALUES (:account_id, :kind, :subject_id, :now) ON CONFLICT DO NOTHING RETURNING id
""")
END = sql("UPDATE alert SET ended_at = :now WHERE id = :id AND ended_at IS NULL RETURNING id")

SUBJECTS: Mapping[str, type[Skill | Connector | Line | ExportSchedule]] = {
    AlertKind.waiting_long: Skill,
    AlertKind.nobody_online: Skill,
    AlertKind.connector_paused: Connector,
    AlertKind.texts_refused: Line,
    AlertKind.line_broken: Line,
    AlertKind.bound_reached: Line,
    AlertKind.export_failing: ExportSchedule,
}
Names = Mapping[tuple[str, str], str]
"""By the kind of an alert and the id of its subject: a line may have the id of a skill."""


@dataclass(frozen=True)
class Found:
    """Something managers should know of: `kind` is of `AlertKind`, the subject its skill's,
    connector's, line's or schedule's id.
    """

    account_id: str
    kind: str
    subject_id: str


async def found(session: AsyncSession, now: datetime) -> set[Found]:
    """Return what managers of all accounts should know of now."""
    values = {"now": now, "nobody_for": NOBODY_FOR, "refused_within": REFUSED_WITHIN}
    values |= {"named_erased": NAMED_ERASED}
    return {Found(*row) for row in await session.execute(PRESENT, values)}


async def all_present(session: AsyncSession) -> Sequence[Alert]:
    """Return the alerts of all accounts that have not ended."""
    return (await session.scalars(select(Alert).where(Alert.ended_at.is_(None)))).all()


async def begin(session: AsyncSession, one: Found, now: datetime) -> bool:
    """Keep an alert. Returns whether it was not there already."""
    values = {
        "account_id": one.account_id,
        "kind": one.kind,
        "subject_id": one.subject_id,
        "now": now,
    }
    return (await session.scalar(BEGIN, values)) is not None


async def end(session: AsyncSession, alert: Alert, now: datetime) -> bool:
    """End an alert. Returns whether it had not ended already."""
    return (await session.scalar(END, {"id": alert.id, "now": now})) is not None


async def present(
    session: AsyncSession, account_id: str, skills: Collection[str] | None
) -> Sequence[Alert]:
    """Return alerts that have not ended, the latest first. `skills`: None for all of the account,
    otherwise those of these skills.
    """
    query = select(Alert).where(
        Alert.account_id == account_id, Alert.ended_at.is_(None), _of(skills)
    )
    return (await session.scalars(query.order_by(Alert.id.desc()))).all()


async def listed(
    session: AsyncSession,
    account_id: str,
    skills: Collection[str] | None,
    *,
    before: int | None,
    limit: int,
) -> Sequence[Alert]:
    """Return alerts as `present` does, also those that have ended."""
    query = select(Alert).where(Alert.account_id == account_id, _of(skills))
    if before is not None:
        query = query.where(Alert.id < before)
    return (await session.scalars(query.order_by(Alert.id.desc()).limit(limit))).all()


def _of(skills: Collection[str] | None) -> ColumnElement[bool]:
    if skills is None:
        return true()
    kinds = [str(kind) for kind in AlertKind if kind.is_of_skill]
    return and_(Alert.kind.in_(kinds), Alert.subject_id.in_(skills))


async def names(session: AsyncSession, shown: Sequence[Alert | Found]) -> Names:
    """Return what the skills, connectors, lines and schedules that alerts are about are called."""
    found: dict[tuple[str, str], str] = {}
    for kind, table in SUBJECTS.items():
        ids = {one.subject_id for one in shown if one.kind == kind}
        if ids:
            subject_id = cast(table.id, Text)
            query = select(subject_id, table.name).where(subject_id.in_(ids))
            found |= {(kind, key): name for key, name in await session.execute(query)}
    return found
