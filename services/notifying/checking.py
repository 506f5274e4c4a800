"""What would become of a batch if it were started now: who is left out, what it costs, how long."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import accounts, batch_checks, batches
from database.tables import Account, Batch, BatchUpload, Line
from domain.batches.estimate import seconds_at_pace
from domain.batches.hours import HoursSet, own_hours
from domain.consent.quiet_hours import held_until
from domain.numbers.kinds import LineKind
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.clock import utc_now

PAGE = 1000
FORCED_SHOWN = 200
"""Characters that force Unicode and are told. Ours."""
PRICED_WITHIN = timedelta(days=90)
PRICED_TEXTS = 1000
"""Texts whose prices are read for an estimate: recent ones, and enough of them. Ours."""


@dataclass(frozen=True)
class Cost:
    """What a batch will probably cost, by what the provider charged for the line's last texts."""

    amount: float
    currency: str
    per_segment: float


@dataclass(frozen=True)
class Held:
    """Recipients whom quiet hours hold at the start, until `until` at the latest."""

    recipients: int
    until: datetime | None


@dataclass(frozen=True)
class Check:
    """What would become of a batch.

    `gets_it`: recipients who get the text. `left_out`: the others, by reason. `bad`: rows of the
    uploads that make no recipient, by reason. `unicode`: texts that need more segments because of
    the characters `forced_by`. `cost`: None: no price of the line is known. `seconds`: how long the
    line takes, quiet hours aside; None: it has no pace.
    """

    batch: Batch
    gets_it: int
    left_out: Mapping[str, int]
    bad: Mapping[str, int]
    segments: int
    fewest_segments: int
    most_segments: int
    unicode: int
    forced_by: str
    cost: Cost | None
    seconds: float | None
    held: Held


async def check(caller: Caller, session: AsyncSession, batch_id: UUID) -> Check:
    """Return what would become of a batch if it were started now. Raises `NotFound`."""
    caller.require(Role.manager)
    caller.require_scope(TokenScope.notifications_read)
    batch = await batches.find(session, caller.account_id, batch_id, caller.led_skills)
    line = await session.get_one(Line, batch.line_id)
    rows = await batch_checks.counts(session, batch_id, FORCED_SHOWN)
    good: Mapping[str, Any] = next((row for row in rows if row["reason"] is None), {})
    segments = int(good.get("segments") or 0)
    account = await accounts.find(session, caller.account_id)
    zones = await batch_checks.zones(session, batch_id)
    since = utc_now() - PRICED_WITHIN
    price = await batch_checks.price_per_segment(session, line.id, since, PRICED_TEXTS)
    return Check(
        batch=batch,
        gets_it=good.get("recipients", 0),
        left_out={row["reason"]: row["recipients"] for row in rows if row["reason"]},
        bad=_bad(await batches.uploads(session, batch_id)),
        segments=segments,
        fewest_segments=good.get("fewest") or 0,
        most_segments=good.get("most") or 0,
        unicode=good.get("unicode", 0),
        forced_by="".join(dict.fromkeys(good.get("forced_by") or "")),
        cost=_cost(segments, price),
        seconds=seconds_at_pace(segments, line.segments_per_second, LineKind(line.kind)),
        held=await asyncio.to_thread(_held, batch, account, zones),
    )


async def left_out_pages(
    caller: Caller, sessions: Sessions, batch_id: UUID
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    """Return all recipients who would be left out, page by page. Raises `NotFound`."""
    caller.require(Role.manager)
    caller.require_scope(TokenScope.notifications_read)
    async with sessions.begin() as session:
        await batches.find(session, caller.account_id, batch_id, caller.led_skills)
    return _pages(sessions, batch_id)


async def _pages(sessions: Sessions, batch_id: UUID) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    after = 0
    while True:
        async with sessions.begin() as session:
            rows = await batch_checks.left_out(session, batch_id, after, PAGE)
        if not rows:
            return
        yield rows
        after = rows[-1]["place"]


def _bad(uploads: Sequence[BatchUpload]) -> Mapping[str, int]:
    totals: dict[str, int] = {}
    for upload in uploads:
        for reason, count in upload.bad.items():
            totals[reason] = totals.get(reason, 0) + count
    return totals


def _cost(segments: int, price: tuple[float, str] | None) -> Cost | None:
    if price is None:
        return None
    per_segment, currency = price
    return Cost(round(segments * per_segment, 2), currency, per_segment)


def _held(batch: Batch, account: Account, zones: Sequence[tuple[str, int]]) -> Held:
    """Return whom quiet hours hold when the batch begins: asked once for each set of hours."""
    begins = max(utc_now(), batch.send_from or utc_now())
    own = own_hours(HoursSet.of(account, batch))
    if own is None:
        return Held(0, None)
    holds = [(held_until(number, begins, own), count) for number, count in zones]
    until = [hold.until for hold, _ in holds if hold]
    return Held(sum(count for hold, count in holds if hold), max(until, default=None))
