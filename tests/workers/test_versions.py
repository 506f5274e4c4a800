"""When a worker with a version takes over the work of those that have none."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from domain.errors import Unavailable
from workers.versions import VersionWatch

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Remembered:
    """What Temporal remembers of our workers, and whether it answers."""

    polled_at: datetime | None = None
    is_away: bool = False
    has_finished: bool = True
    made_current: list[str | None] = field(default_factory=list)

    async def current(self) -> str | None:
        if self.is_away:
            raise Unavailable
        return self.made_current[-1] if self.made_current else None

    async def make_current(self, build_id: str | None) -> None:
        self.made_current.append(build_id)

    async def unversioned_at(self) -> datetime | None:
        return self.polled_at

    async def has_finished_any(self) -> bool:
        return self.has_finished


async def looks(watch: VersionWatch, begin: float, end: float) -> None:
    """Let a stretch of seconds pass for a worker that looks as often as it means to."""
    at = begin
    while at < end:
        at += await watch.look(at)


async def test_a_stray_version_takes_nothing_over_when_temporal_is_started_again() -> None:
    temporal = Remembered(polled_at=NOW)
    watch = VersionWatch(temporal, "stray")
    await looks(watch, 0, 60)
    temporal.is_away = True
    await looks(watch, 60, 70)
    temporal.is_away, temporal.polled_at = False, None  # it has forgotten who asked for work
    await looks(watch, 70, 110)
    temporal.polled_at = NOW + timedelta(seconds=110)  # those without a version ask again
    await looks(watch, 110, 200)
    assert temporal.made_current == []


async def test_a_stray_version_that_is_started_after_temporal_takes_nothing_over() -> None:
    temporal = Remembered()
    watch = VersionWatch(temporal, "stray")
    await looks(watch, 0, 50)
    temporal.polled_at = NOW + timedelta(seconds=50)
    await looks(watch, 50, 150)
    assert temporal.made_current == []


async def test_a_moment_without_an_answer_has_the_wait_begin_anew() -> None:
    temporal = Remembered()
    watch = VersionWatch(temporal, "first")
    await looks(watch, 0, 110)
    temporal.is_away = True
    await looks(watch, 110, 112)
    temporal.is_away = False
    await looks(watch, 112, 220)
    assert temporal.made_current == []
    await looks(watch, 220, 250)
    assert temporal.made_current == ["first"]


async def test_the_first_version_works_two_minutes_after_the_last_worker_without_one() -> None:
    temporal = Remembered(polled_at=NOW)
    watch = VersionWatch(temporal, "first")
    await looks(watch, 5, 110)
    assert temporal.made_current == []
    await looks(watch, 120, 190)
    assert temporal.made_current == ["first"]


async def test_the_first_version_of_a_new_installation_works_at_once() -> None:
    temporal = Remembered(has_finished=False)
    await VersionWatch(temporal, "first").look(0)
    assert temporal.made_current == ["first"]


async def test_a_stray_version_whose_clock_is_ahead_takes_nothing_over() -> None:
    temporal = Remembered()
    watch = VersionWatch(temporal, "stray")
    for minute in range(10):
        temporal.polled_at = NOW - timedelta(minutes=5) + timedelta(minutes=minute)
        await looks(watch, minute * 60, minute * 60 + 60)
    assert temporal.made_current == []
