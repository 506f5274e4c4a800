"""When a batch has probably ended: its start, its line's pace, holds, and nights count."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.batches.estimate import Course, Place, ends_at
from domain.batches.progress import Count, RecipientOutcome
from domain.consent.quiet_hours import OwnHours
from domain.numbers.kinds import LineKind

NOON = datetime(2026, 11, 26, 17, tzinfo=UTC)
"""In New York."""
NEW_YORK = Place("+12125551234", OwnHours("America/New_York"))
HOUR = timedelta(hours=1)


def count(
    outcome: RecipientOutcome, recipients: int, segments: int = 0, until: datetime | None = None
) -> Count:
    return Count(outcome, None, recipients, segments or recipients, 0, until)


def ends(
    counts: Sequence[Count],
    *,
    pace: float | None = 1.0,
    send_from: datetime | None = None,
    place: Place | None = None,
) -> datetime | None:
    kind = LineKind.service if pace is None else LineKind.long_code
    return ends_at(counts, Course(NOON - HOUR, send_from, pace, kind, place), NOON)


def test_texts_that_wait_take_as_long_as_their_segments() -> None:
    waiting = count(RecipientOutcome.waiting, 1000, segments=1800)
    queued = count(RecipientOutcome.queued, 1800)
    assert ends([waiting, queued]) == NOON + HOUR
    assert ends([count(RecipientOutcome.delivered, 5)]) == NOON


def test_a_batch_that_begins_later_ends_later() -> None:
    tomorrow = NOON + 24 * HOUR
    assert ends([count(RecipientOutcome.waiting, 3600)], send_from=tomorrow) == tomorrow + HOUR


def test_those_whom_quiet_hours_hold_need_their_time_after_them() -> None:
    morning, later = NOON + 20 * HOUR, NOON + 23 * HOUR
    held = count(RecipientOutcome.held, 7200, until=morning)
    west = count(RecipientOutcome.held, 3600, until=later)
    waiting = count(RecipientOutcome.waiting, 3600)
    assert ends([held, waiting]) == morning + 2 * HOUR
    assert ends([west, held, waiting]) == later + HOUR


def test_nobody_is_texted_in_the_nights_until_then() -> None:
    ten_hours = count(RecipientOutcome.waiting, 36_000)
    # Nine hours until 21:00, and the tenth from 08:00.
    assert ends([ten_hours], place=NEW_YORK) == datetime(2026, 11, 27, 14, tzinfo=UTC)
    assert ends([ten_hours]) == NOON + 10 * HOUR


def test_a_line_without_a_pace_goes_on_as_fast_as_it_went() -> None:
    done, waiting = count(RecipientOutcome.delivered, 100), count(RecipientOutcome.waiting, 200)
    assert ends([done, waiting], pace=None) == NOON + 2 * HOUR
    assert ends([count(RecipientOutcome.delivered, 3), waiting], pace=None) is None


def test_what_is_months_ahead_is_not_told() -> None:
    assert ends([count(RecipientOutcome.waiting, 100_000)], pace=0.001) is None
