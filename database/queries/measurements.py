"""Counts the installation as a whole for operators: what waits, what is late, what is lost.

One process counts for all of them: whoever takes a measurement's row counts, and the others read.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from database.direct import Direct
from database.queries.operating import waiting
from database.queries.watches import FAR_BACK, count_lost

NEAR = timedelta(hours=6)
"""Lost texts handed over longer ago are counted apart and not so often: it takes longer. Ours."""
MOST_SKILLS = 200
"""Skills told apart, those with the longest waits first; the others are told as one. Ours."""


class Kind(StrEnum):
    """`counts`: by SQL alone, every few seconds; `workflows`: by the watches, with Temporal;
    `long_lost`: consumers' texts that were lost long ago, every few minutes; `runs`: runs of
    schedules, by the watches, every few minutes.
    """

    counts = "counts"
    workflows = "workflows"
    long_lost = "long_lost"
    runs = "runs"


@dataclass(frozen=True)
class Queue:
    """What waits for agents of a skill; `skill_id` is None for all skills that are not told."""

    skill_id: str | None
    waiting: int
    oldest_seconds: float


@dataclass(frozen=True)
class Counts:
    """The figures that SQL alone can tell. Ages are seconds; 0 where nothing waits."""

    pending_texts: int = 0
    """Consumers' texts that Temporal does not have yet, without those that wait for parts."""
    pending_oldest: float = 0
    stuck_texts: int = 0
    """Lost, as the watches count it: handed over, and in no transcript; without the long lost."""
    unknown_texts: int = 0
    """Texts to consumers of the last day of which nobody knows whether they left."""
    unsent_texts: int = 0
    """Texts to consumers that wait to leave, or that are leaving."""
    unsent_oldest: float = 0
    overdue: int = 0
    """Open conversations with a deadline that passed, of which no step took notice."""
    overdue_longest: float = 0
    events_behind: int = 0
    """Events that are not in records and reports yet, at most a thousand of each account."""
    events_oldest: float = 0
    stale_days: int = 0
    """Days whose figures must be summed again."""
    open_conversations: Mapping[str, int] = field(default_factory=dict)
    """By status."""
    queues: tuple[Queue, ...] = ()


@dataclass(frozen=True)
class Measured:
    """A measurement as it is kept. `age_seconds`: None when there was none yet."""

    figures: Mapping[str, Any]
    age_seconds: float | None


TAKE = b"""
    INSERT INTO measurement (kind, begun_at) VALUES (%(kind)s, now())
    ON CONFLICT (kind) DO UPDATE SET begun_at = now()
    WHERE measurement.begun_at < now() - %(pause)s
    RETURNING true
"""
KEEP = b"""
    INSERT INTO measurement (kind, begun_at, measured_at, figures)
    VALUES (%(kind)s, now(), now(), CAST(%(figures)s AS jsonb))
    ON CONFLICT (kind) DO UPDATE SET measured_at = now(), figures = excluded.figures
"""
KEPT = b"""
    SELECT kind, figures, extract(epoch FROM now() - measured_at)::float FROM measurement
    WHERE figures IS NOT NULL
"""
AGE = "coalesce(extract(epoch FROM now() - {}), 0)::float"
OVERDUE = """
    SELECT count(*), coalesce(max(extract(epoch FROM now() - due)), 0)::float FROM (
        SELECT (
            SELECT min(value::timestamptz) FROM jsonb_each_text(deadlines)
        ) AS due FROM conversation WHERE status <> 'closed' AND deadlines <> '{}'
    ) AS next WHERE due < now()
"""
OPEN = "SELECT status, count(*) FROM conversation WHERE status <> 'closed' GROUP BY status"
QUEUES = f"""
    SELECT skill_id, count(*), {AGE.format("min(entered_at)")} FROM queue_entry
    GROUP BY skill_id ORDER BY min(entered_at)
"""  # noqa: S608


async def take(direct: Direct, kind: Kind, pause: timedelta) -> bool:
    """Say whether this process counts now: nobody else began to within `pause`."""
    return await direct.fetch_one(TAKE, {"kind": kind.value, "pause": pause}) is not None


async def keep(direct: Direct, kind: Kind, figures: Mapping[str, Any]) -> None:
    """Keep a measurement for all processes."""
    await direct.fetch_one(KEEP, {"kind": kind.value, "figures": json.dumps(figures)})


async def kept(direct: Direct) -> Mapping[Kind, Measured]:
    """Return the measurements that were made last, by whichever process."""
    rows = await direct.fetch_all(KEPT, {})
    known = {kind.value for kind in Kind}
    return {Kind(kind): Measured(figures, age) for kind, figures, age in rows if kind in known}


def as_figures(counts: Counts) -> Mapping[str, Any]:
    """Return counts in the form in which they are kept."""
    return asdict(counts)


def as_counts(figures: Mapping[str, Any]) -> Counts:
    """Return what was kept as counts; figures that another version kept are passed over."""
    known = {name: figures[name] for name in Counts.__dataclass_fields__ if name in figures}
    queues = tuple(Queue(**one) for one in known.pop("queues", ()))
    return Counts(**known, queues=queues)


async def count(direct: Direct, *, near: timedelta = NEAR) -> Counts:
    """Count everything now. `near`: of lost texts, those that were handed over since then."""
    pending, unsent = await waiting.not_handed_over(direct), await waiting.not_sent(direct)
    behind = await waiting.behind(direct, waiting.RECORDS)
    overdue = await direct.fetch_one(OVERDUE.encode(), {}) or (0, 0)
    return Counts(
        pending_texts=pending.count,
        pending_oldest=pending.seconds,
        stuck_texts=await count_lost(direct, near),
        unknown_texts=(await waiting.in_doubt(direct)).count,
        unsent_texts=unsent.count,
        unsent_oldest=unsent.seconds,
        overdue=overdue[0],
        overdue_longest=overdue[1],
        events_behind=behind.count,
        events_oldest=behind.seconds,
        stale_days=(await waiting.stale_days(direct)).count,
        open_conversations=dict(await direct.fetch_all(OPEN.encode(), {})),
        queues=_queues(await direct.fetch_all(QUEUES.encode(), {})),
    )


async def count_long_lost(direct: Direct) -> Mapping[str, int]:
    """Count the lost texts that were handed over before `NEAR`, as `Kind.long_lost` is kept."""
    return {"stuck_texts": await count_lost(direct, FAR_BACK, before=NEAR)}


def _queues(rows: list[tuple[Any, ...]]) -> tuple[Queue, ...]:
    told = [Queue(*row) for row in rows[:MOST_SKILLS]]
    if others := rows[MOST_SKILLS:]:
        told.append(Queue(None, sum(row[1] for row in others), max(row[2] for row in others)))
    return tuple(told)
