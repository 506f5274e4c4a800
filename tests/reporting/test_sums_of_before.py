"""Sums whose times are spread as lists, as they were before: figures and recounts are the same."""

import random
from collections.abc import Sequence

from sqlalchemy import delete, select, update

from cli.recount import _recount
from database.queries.events import append
from database.queries.reports.steps import read
from database.tables import ReportSum, SummedMonth
from domain.people.roles import Role
from domain.reporting.kinds import Span, SplitBy
from domain.reporting.months import month_of
from reporting.summing import Summing
from services.reporting import reports
from services.reporting.reports import ReportQuery, ReportRow
from services.reporting.spans import Days
from tests.reporting.recording import Recorder
from tests.reporting.test_sums import kept, talks
from tests.services.callers import caller

ASKED = (SplitBy.total, SplitBy.day, SplitBy.agent, SplitBy.hour, SplitBy.team)


async def test_figures_and_recounts_are_the_same_with_sums_of_before(recorder: Recorder) -> None:
    account_id = await summed(recorder, talks_count=8)
    right, sums = await shown(recorder), await kept(recorder)
    assert any(one.clock.spread for rows in right for row in rows for one in row.sums.values())
    await as_before(recorder)
    assert await shown(recorder) == right
    assert await _recount(recorder.settings, account_id) == {account_id: set()}

    await as_before(recorder)
    async with recorder.sessions.begin() as session:
        await session.execute(delete(SummedMonth))
    await Summing(recorder.sessions).sum(account_id)
    assert await of_both(recorder)
    assert await shown(recorder) == right
    assert await _recount(recorder.settings, account_id) == {account_id: set()}
    assert await kept(recorder) == sums


async def test_a_month_that_the_version_before_summed_again_gets_its_times_back(
    recorder: Recorder,
) -> None:
    account_id = await summed(recorder, talks_count=4)
    right = await shown(recorder)
    async with recorder.sessions.begin() as session:
        of_months = ReportSum.span.in_((Span.month, Span.hours_of_month))
        without = {"steps": None, "worked_steps": None}
        await session.execute(update(ReportSum).where(of_months).values(**without))
    assert await shown(recorder) != right
    await Summing(recorder.sessions).sum(account_id)
    assert await shown(recorder) == right


async def summed(recorder: Recorder, *, talks_count: int) -> str:
    """Sum some conversations of the account, whose id is returned."""
    account_id = recorder.brand.account_id
    async with recorder.sessions.begin() as session:
        for one in await talks(recorder, seed=7, count=talks_count):
            await append(session, account_id, one.events)
    await recorder.record()
    await Summing(recorder.sessions).look()
    return account_id


async def of_both(recorder: Recorder) -> bool:
    """Say whether sums of months have times of days of both kinds."""
    both = ReportSum.steps.is_not(None) & ReportSum.spread.is_not(None)
    async with recorder.sessions() as session:
        return Span.month in {*await session.scalars(select(ReportSum.span).where(both))}


async def as_before(recorder: Recorder) -> None:
    """Have some of the sums as the version before made them."""
    draw = random.Random(3)
    async with recorder.sessions.begin() as session:
        timed = ReportSum.steps.is_not(None)
        for row in await session.scalars(select(ReportSum).where(timed)):
            if draw.random() < 0.5:
                row.spread, row.steps = pairs(str(row.steps)), None
                row.worked_spread = pairs(str(row.worked_steps)) if row.worked_steps else None
                row.worked_steps = None
        assert await session.scalar(select(ReportSum.kind).where(ReportSum.spread.is_not(None)))


def pairs(steps: str) -> list[list[int]]:
    return [[step, many] for step, many in sorted(read(steps).items())]


async def shown(recorder: Recorder) -> list[Sequence[ReportRow]]:
    """Return reports of all the days that there are."""
    mia = caller(recorder.brand.account_id, Role.manager)
    async with recorder.sessions() as session:
        begins = list(await session.scalars(select(ReportSum.begins_at)))
        days = Days(month_of(min(begins).date()), max(begins).date())
        asked = [await reports.read(mia, session, ReportQuery(days, by)) for by in ASKED]
    return [[*one.rows, one.total] for one in asked]
