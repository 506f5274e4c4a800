"""Runs of schedules: where the next one goes on, whatever became of the one before."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from database.tables import Export
from domain.exporting.kinds import ExportKind, ExportStatus
from domain.exporting.spans import Every
from outgoing.buckets import Buckets, Object, Place
from services.exporting import schedules
from services.exporting.scheduled import NOT_IN_TIME, BucketAway, NotMade
from services.exporting.schedules import NewSchedule, ScheduleChange
from tests.reporting.lakes import Lake

MONDAY = datetime(2026, 11, 30, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def test_the_file_after_a_first_one_that_failed_holds_its_time_as_well(lake: Lake) -> None:
    first = await lake.make(10)
    await lake.change(first, status=str(ExportStatus.failed))
    await lake.runs().deliver(first)
    assert await lake.spans(first, await lake.make(10, 10)) == [(27, 28), (27, 29)]


@pytest.mark.parametrize("kind", [ExportKind.messages, ExportKind.figures])
async def test_days_that_have_arrived_make_no_second_file_at_another_hour_or_rhythm(
    lake: Lake, kind: ExportKind
) -> None:
    async with lake.sessions.begin() as session:
        new = NewSchedule(name="Other", kind=kind, every=Every.day, hour=4)
        one = await schedules.create(lake.ada, session, new)
    first = await lake.runs().begin(one.id, MONDAY)
    assert first
    await lake.change(first, status=str(ExportStatus.done), ended_at=MONDAY)
    await lake.runs().deliver(first)
    assert await lake.runs().begin(one.id, MONDAY + HOUR) is None
    async with lake.sessions.begin() as session:
        weekly = ScheduleChange(every=Every.week)
        await schedules.change(lake.ada, session, one.id, weekly)
    assert await lake.runs().begin(one.id, MONDAY + 2 * HOUR) is None

    following = await lake.runs().begin(one.id, MONDAY + timedelta(days=7))
    assert following
    async with lake.sessions() as session:
        export = await session.get_one(Export, following)
    report = export.report or {"first": "2026-11-30", "last": "2026-12-06"}
    assert (report["first"], report["last"]) == ("2026-11-30", "2026-12-06")
    assert export.since == datetime(2026, 11, 30, tzinfo=UTC)


async def test_figures_by_day_after_a_long_pause_come_in_files_that_a_report_can_hold(
    lake: Lake,
) -> None:
    async with lake.sessions.begin() as session:
        new = NewSchedule(name="Long", kind=ExportKind.figures, every=Every.day, hour=4)
        one = await schedules.create(lake.ada, session, new)
        one.reached_at = MONDAY.replace(hour=0) - timedelta(days=450)
    found = []
    for day in range(2):
        made = await lake.runs().begin(one.id, MONDAY + timedelta(days=day))
        assert made
        await lake.change(made, status=str(ExportStatus.done), ended_at=MONDAY)
        await lake.runs().deliver(made)
        async with lake.sessions() as session:
            export = await session.get_one(Export, made)
        assert export.since
        assert export.until
        found.append((export.until - export.since).days)
    assert found == [400, 51]


async def test_a_run_that_is_not_made_in_time_ends_and_says_so(lake: Lake) -> None:
    late = await lake.make(10)
    await lake.change(late, status=str(ExportStatus.running), ended_at=None)
    await lake.runs().give_up(late)
    async with lake.sessions() as session:
        export = await session.get_one(Export, late)
    assert (export.status, export.failure) == (ExportStatus.failed, NOT_IN_TIME)
    now = await lake.now()
    assert (now.failure, now.ran_at) == (NOT_IN_TIME, export.ended_at)
    assert await lake.spans(await lake.make(10, 10)) == [(27, 29)]


async def test_only_a_file_with_a_bucket_is_one_that_a_bucket_did_not_take(lake: Lake) -> None:
    await lake.runs().give_up(await lake.make(10))
    assert (await lake.now()).failure == BucketAway.sentence
    async with lake.sessions.begin() as session:
        change = ScheduleChange(bucket=None)
        await schedules.change(lake.ada, session, lake.schedule.id, change)
    listed = await lake.make(10, 10)
    await lake.runs().give_up(listed)
    assert (await lake.now()).failure is None
    assert await lake.spans(listed, await lake.make(10, 10, 10)) == [(27, 29), (29, 30)]


@dataclass
class Meanwhile(Buckets):
    """A way into buckets on which a file is made anew while it is copied, once."""

    lake: Lake
    export_id: UUID
    copied: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.lake.posts)

    async def put(self, place: Place, what: Object, data: bytes, *, seconds: float = 9) -> None:
        await super().put(place, what, data, seconds=seconds)
        self.copied.append(data)
        if len(self.copied) == 1:
            await self.lake.store.put(f"exports/{self.export_id}/1", b"anew")
            await self.lake.change(self.export_id, created_at=datetime.now(UTC))


async def test_a_file_that_is_made_anew_while_another_is_copied_is_copied_as_well(
    lake: Lake,
) -> None:
    export_id = await lake.make(4)
    into = Meanwhile(lake, export_id)
    with pytest.raises(NotMade):
        await lake.runs(into).deliver(export_id)
    assert (await lake.now()).ran_at is None
    await lake.runs(into).deliver(export_id)
    assert into.copied == [b"AAAA", b"anew"]
    assert (await lake.now()).ran_at is not None
