"""Hours where an account's clock goes on or back by half an hour."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from database.queries.events import NewEvent, append
from domain.conversation.kinds import EventKind, Status
from domain.reporting.kinds import Dimension, FactKind, Span
from domain.reporting.local_time import LocalTime
from reporting.summing import Summing
from tests.reporting.recording import Recorder, moved_to
from tests.reporting.test_sums import kept


async def test_hours_are_those_that_clocks_show_where_they_go_on_by_half_an_hour(
    recorder: Recorder,
) -> None:
    lord_howe = LocalTime(ZoneInfo("Australia/Lord_Howe"))
    await moved_to(recorder, lord_howe.zone.key)
    jumps = [datetime(2026, 10, 3, 15, 30, tzinfo=UTC), datetime(2026, 4, 4, 15, tzinfo=UTC)]
    moments = [jump + timedelta(minutes=15 * many) for jump in jumps for many in range(-8, 8)]
    made = [await recorder.conversation(Status.closed) for _ in moments]
    told = [
        NewEvent(EventKind.conversation_transferred, at, conversation_id=one, data={})
        for one, at in zip(made, moments, strict=True)
    ]
    async with recorder.sessions.begin() as session:
        await append(session, recorder.brand.account_id, told)
    await recorder.record()
    await Summing(recorder.sessions).look()
    expected: Counter[tuple[datetime, int]] = Counter()
    for at in moments:
        expected[lord_howe.hour_of(at), at.astimezone(lord_howe.zone).hour] += 1
    found: Counter[tuple[datetime, int]] = Counter()
    for (span, dimension, begins, _key, _also, kind, _detail), one in (
        await kept(recorder)
    ).items():
        if (span, dimension, kind) == (Span.hour, Dimension.account, FactKind.transfer):
            found[begins, begins.astimezone(lord_howe.zone).hour] += one.times
    assert found == expected
