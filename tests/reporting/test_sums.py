"""Figures follow what happens, and always equal what a recount from the events says."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import combinations, product
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from psycopg import DataError
from sqlalchemy import Delete, Update, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from cli.recount import _recount
from database.queries.events import NewEvent, append
from database.queries.reports import consumers
from database.queries.reports import summing as sums
from database.queries.reports.consumers import ACTIVE
from database.queries.reports.kept import FORM, OF_AGENTS
from database.queries.reports.steps import TIMED, read
from database.tables import (
    ConversationLabel,
    Event,
    Label,
    ReportFact,
    ReportSum,
    StaleDay,
    SummedMonth,
)
from domain.conversation.kinds import EventKind, Status
from domain.reporting.consumers import step_of as step_of_day
from domain.reporting.course import facts_of
from domain.reporting.facts import Fact, Told
from domain.reporting.kinds import Dimension, FactKind, Span
from domain.reporting.local_time import LocalTime
from domain.reporting.months import month_of
from domain.reporting.spread import step_of
from reporting import recounting
from reporting.summing import Summing
from tests.reporting.recording import Recorder, moved_to
from tests.reporting.talks import talk

BERLIN = ZoneInfo("Europe/Berlin")
Place = tuple[str, str, datetime, str, str, str, str]


@dataclass
class Sum:
    """What one sum should be."""

    times: int = 0
    total: int | None = None
    most: int | None = None
    spread: Counter[int] = field(default_factory=Counter)
    worked: int | None = None

    def add(self, fact: Fact) -> None:
        self.times += fact.times
        if fact.value is not None:
            self.total = (self.total or 0) + fact.value
            self.most = max(self.most or 0, fact.value)
            if fact.kind in TIMED:
                self.spread[step_of(fact.value)] += 1
        if fact.worked is not None:
            self.worked = (self.worked or 0) + fact.worked


@dataclass(frozen=True)
class Talk:
    """A conversation with all of its events."""

    id: UUID
    number: str
    is_first: bool
    events: Sequence[NewEvent]
    labels: Sequence[str]

    def facts(self, clock: LocalTime) -> list[Fact]:
        told = [Told(EventKind(e.kind), e.at, e.agent_id, e.data or {}) for e in self.events]
        return facts_of(told, clock, is_first=self.is_first)


def recounted(talks: Sequence[Talk], clock: LocalTime, line_id: str) -> dict[Place, Sum]:
    """Count everything by hand."""
    found: defaultdict[Place, Sum] = defaultdict(Sum)
    for one in talks:
        for fact in one.facts(clock):
            for place in places(fact, clock, line_id, one.labels):
                found[*place, fact.kind, fact.detail].add(fact)
    add_consumers(found, talks, clock)
    return dict(found)


def add_consumers(found: defaultdict[Place, Sum], talks: Sequence[Talk], clock: LocalTime) -> None:
    """Count the consumers of each day, by the last day before on which they were active."""
    days: defaultdict[str, set[date]] = defaultdict(set)
    for one in talks:
        active = (fact for fact in one.facts(clock) if fact.kind in ACTIVE)
        days[one.number] |= {clock.day_of(fact.at) for fact in active}
    for its in days.values():
        in_order = sorted(its)
        for day, before in zip(in_order, [None, *in_order], strict=False):
            for span, begins in ((Span.day, day), (Span.month, month_of(day))):
                place = (span, Dimension.account, clock.begins(begins), "", "")
                kept = found[*place, FactKind.active_consumer, ""]
                kept.times += 1
                kept.spread[step_of_day(before)] += 1


def places(
    fact: Fact, clock: LocalTime, line_id: str, labels: Sequence[str]
) -> Iterator[tuple[str, str, datetime, str, str]]:
    day = clock.day_of(fact.at)
    begins, month = clock.begins(day), clock.begins(month_of(day))
    for dimension, keys in shown(fact, line_id, labels):
        for key, also in keys:
            yield Span.day, dimension, begins, key, also
            yield Span.month, dimension, month, key, also
            if "+" not in dimension and dimension != OF_AGENTS:
                yield Span.hour, dimension, clock.hour_of(fact.at), key, also
                of_day = f"{fact.at.astimezone(clock.zone).hour:02} {key}"
                yield Span.hours_of_month, dimension, month, of_day, also


def shown(
    fact: Fact, line_id: str, labels: Sequence[str]
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield what a fact is summed by, with its keys."""
    its: dict[Dimension, Sequence[str]] = {
        Dimension.agent: [fact.agent_id] if fact.agent_id else [],
        Dimension.skill: [fact.skill_id] if fact.skill_id else [],
        Dimension.line: [line_id],
        Dimension.source: ["text"],
        Dimension.label: labels,
    }
    both = [(fact.agent_id or "", fact.skill_id or "")]
    if fact.is_of_agent:
        yield OF_AGENTS, both
    else:
        yield Dimension.account, [("", "")]
        yield "agent+skill", both
    for one, keys in its.items():
        if one is Dimension.agent or not fact.is_of_agent:
            yield one, [(key, "") for key in keys]
    for one, other in combinations(its, 2):
        if other is not Dimension.skill and (one is Dimension.agent or not fact.is_of_agent):
            yield f"{one}+{other}", list(product(its[one], its[other]))


@pytest.fixture
def summing(recorder: Recorder) -> Summing:
    return Summing(recorder.sessions)


async def kept(recorder: Recorder) -> dict[Place, Sum]:
    async with recorder.sessions() as session:
        rows = (await session.scalars(select(ReportSum))).all()
    return {
        (
            row.span,
            row.dimension,
            row.begins_at.astimezone(UTC),
            row.key,
            row.also,
            row.kind,
            row.detail,
        ): Sum(
            row.times,
            row.total,
            row.most,
            Counter(read(str(row.steps or "")) or {pair[0]: pair[1] for pair in row.spread or ()}),
            row.worked,
        )
        for row in rows
    }


async def talks(recorder: Recorder, *, seed: int, count: int) -> list[Talk]:
    """Draw conversations, and put labels on some of them."""
    draw, brand = random.Random(seed), recorder.brand
    account_id = brand.account_id
    async with recorder.sessions.begin() as session:
        session.add_all(
            Label(id=f"{account_id}-{name}", account_id=account_id, name=name, colour="red")
            for name in ("refund", "praise")
        )
    made = []
    for number in range(count):
        phone = f"+1555012{number // 3:02}"
        one = await recorder.conversation(Status.closed, number=phone)
        labels = [f"{account_id}-{name}" for name in ("refund", "praise")][: draw.randint(0, 2)]
        events = talk(draw.randint(0, 10**6), one, [brand.ann, brand.ben, brand.mia])
        async with recorder.sessions.begin() as session:
            session.add_all(ConversationLabel(conversation_id=one, label_id=of) for of in labels)
            await session.execute(delete(Event).where(Event.conversation_id == one))
        made.append(Talk(one, phone, number % 3 == 0, events, labels))
    return made


async def test_sums_equal_a_recount_however_events_came(
    recorder: Recorder, summing: Summing
) -> None:
    await moved_to(recorder, BERLIN.key)
    made, draw = await talks(recorder, seed=7, count=12), random.Random(7)
    left = {one.id: list(one.events) for one in made}
    while any(left.values()):
        chosen = [draw.choice([key for key, events in left.items() if events]) for _ in range(3)]
        batch = [left[key].pop(0) for key in chosen for _ in range(5) if left[key]]
        async with recorder.sessions.begin() as session:
            await append(session, recorder.brand.account_id, batch)
        if draw.random() < 0.4:
            await recorder.record()
        if draw.random() < 0.3:
            await summing.look()
    await recorder.record()
    await summing.look()
    clock = LocalTime(BERLIN)
    expected = recounted(made, clock, recorder.brand.line_id)
    assert len(expected) > 1_000
    assert await kept(recorder) == expected
    await recounting.begin(recorder.sessions, recorder.brand.account_id)
    await summing.look()
    assert await kept(recorder) == expected, "all anew says the same"
    await moved_to(recorder, "Asia/Kolkata")
    await summing.look()
    elsewhere = LocalTime(ZoneInfo("Asia/Kolkata"))
    assert await kept(recorder) == recounted(made, elsewhere, recorder.brand.line_id)


async def test_a_recount_mends_days_and_months_that_were_wrong_and_names_them(
    recorder: Recorder,
) -> None:
    [one] = await talks(recorder, seed=5, count=1)
    account_id = recorder.brand.account_id
    async with recorder.sessions.begin() as session:
        await append(session, account_id, one.events)
    await recorder.record()
    await Summing(recorder.sessions).look()
    right = await kept(recorder)
    settings = recorder.settings
    assert await _recount(settings, None) == {account_id: set()}
    async with recorder.sessions.begin() as session:
        await session.execute(delete(ReportFact).where(ReportFact.kind == FactKind.opened))
        of_texts = update(ReportSum).where(ReportSum.kind == FactKind.text_in)
        await session.execute(of_texts.values(times=99))
    [days] = (await _recount(settings, account_id)).values()
    assert days
    assert await kept(recorder) == right
    of_a_month = update(ReportSum).where(ReportSum.span == str(Span.month))
    async with recorder.sessions.begin() as session:
        await session.execute(of_a_month.values(times=ReportSum.times + 1))
    [wrong] = (await _recount(settings, account_id)).values()
    assert wrong
    assert wrong == {one[: len("2026-11")] for one in wrong}, "months only"
    assert await kept(recorder) == right
    assert await _recount(settings, "nobody") == {}


@pytest.mark.parametrize(
    "unknown", [delete(SummedMonth), update(SummedMonth).values(form=FORM - 1)], ids=["none", "old"]
)
async def test_months_are_summed_once_by_any_number_of_workers(
    recorder: Recorder, unknown: Delete | Update
) -> None:
    async with recorder.sessions.begin() as session:
        for one in await talks(recorder, seed=9, count=3):
            await append(session, recorder.brand.account_id, one.events)
    await recorder.record()
    await Summing(recorder.sessions).look()
    right = await kept(recorder)
    async with recorder.sessions.begin() as session:
        await session.execute(unknown)
    summing = Summing(recorder.sessions)
    await asyncio.gather(*(summing.sum(recorder.brand.account_id) for _ in range(4)))
    assert await kept(recorder) == right


@dataclass
class Halt:
    """Holds up the first call of a function: before it, or `after` it."""

    of: Callable[..., Awaitable[object]]
    after: bool = False
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, *values: object) -> object:
        if self.reached.is_set():
            return await self.of(*values)
        if self.after:
            result = await self.of(*values)
        self.reached.set()
        await self.goes_on.wait()
        return result if self.after else await self.of(*values)


def midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


async def test_a_day_that_is_summed_beside_its_month_is_in_the_month(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, account_id = await talks(recorder, seed=9, count=3), recorder.brand.account_id
    async with recorder.sessions.begin() as session:
        for one in made:
            await append(session, account_id, one.events)
    await recorder.record()
    await Summing(recorder.sessions).look()
    right = await kept(recorder)
    async with recorder.sessions.begin() as session:
        await session.execute(delete(SummedMonth))
        latest = await session.scalar(select(func.max(ReportFact.at)))
        assert latest
        await session.execute(delete(ReportSum).where(ReportSum.begins_at >= midnight(latest)))
        session.add(StaleDay(account_id=account_id, day=latest.astimezone(UTC).date()))
    of_day, of_month = Halt(consumers.sum_day), Halt(sums.sum_month, after=True)
    look = Halt(sums.summed_months, after=True)
    monkeypatch.setattr(consumers, "sum_day", of_day)
    day = asyncio.create_task(Summing(recorder.sessions).sum(account_id))
    await of_day.reached.wait()
    monkeypatch.setattr(sums, "sum_month", of_month)
    month = asyncio.create_task(Summing(recorder.sessions).sum(account_id))
    await of_month.reached.wait()
    monkeypatch.setattr(sums, "summed_months", look)
    of_day.goes_on.set()
    await asyncio.wait([asyncio.create_task(look.reached.wait())], timeout=1)
    of_month.goes_on.set()
    await asyncio.wait([month], timeout=1)  # or one waits for the other now
    look.goes_on.set()
    await asyncio.gather(day, month)
    assert await kept(recorder) == right


async def test_what_is_summed_while_the_clock_is_changed_does_not_stay(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, account_id = await talks(recorder, seed=11, count=3), recorder.brand.account_id
    zones = ("Asia/Kolkata", "America/Caracas")
    await moved_to(recorder, zones[0])
    async with recorder.sessions.begin() as session:
        for one in made:
            await append(session, account_id, one.events)
    await recorder.record()
    await Summing(recorder.sessions).look()
    elsewhere = await kept(recorder)
    await moved_to(recorder, zones[1])
    await Summing(recorder.sessions).look()
    async with recorder.sessions.begin() as session:
        moments = [*await session.scalars(select(ReportFact.at))]
        of_zone = {zone: {at.astimezone(ZoneInfo(zone)).date() for at in moments} for zone in zones}
        # It begins in a day of the other clock on which nothing happened.
        day = min(of_zone[zones[1]] - of_zone[zones[0]])
        session.add(StaleDay(account_id=account_id, day=day))

    of_day = Halt(sums.sum_day, after=True)
    monkeypatch.setattr(sums, "sum_day", of_day)
    summed = asyncio.create_task(Summing(recorder.sessions).sum(account_id))
    await of_day.reached.wait()
    await moved_to(recorder, zones[0])
    changed = asyncio.create_task(recounting.begin(recorder.sessions, account_id))
    await asyncio.wait([changed], timeout=1)  # or it waits for the day
    of_day.goes_on.set()
    await asyncio.gather(summed, changed)
    await Summing(recorder.sessions).look()
    assert await kept(recorder) == elsewhere


async def test_a_day_that_cannot_be_summed_holds_up_no_other(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, account_id = await talks(recorder, seed=9, count=3), recorder.brand.account_id
    async with recorder.sessions.begin() as session:
        for one in made:
            await append(session, account_id, one.events)
    await recorder.record()
    async with recorder.sessions() as session:
        days = sorted(await session.scalars(select(StaleDay.day)))
    assert len(days) > 1
    right = sums.sum_day

    async def breaks(session: AsyncSession, day: sums.Stretch, zone: str) -> None:
        await right(session, day, zone)
        if day.begins.date() == days[-1]:
            raise DataError

    monkeypatch.setattr(sums, "sum_day", breaks)
    with pytest.raises(DataError):
        await Summing(recorder.sessions).sum(account_id)
    async with recorder.sessions() as session:
        assert [*await session.scalars(select(StaleDay.day))] == days[-1:]
    monkeypatch.setattr(sums, "sum_day", right)
    await Summing(recorder.sessions).look()
    assert await kept(recorder) == recounted(
        made, LocalTime(ZoneInfo("UTC")), recorder.brand.line_id
    )
