"""A batch's progress: when it will probably have sent its last text."""

from datetime import UTC, datetime, timedelta

from domain.batches.progress import Figures, ends_at
from domain.numbers.kinds import LineKind

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIGURES = Figures(recipients=100, waiting=100, segments_left=100)


def test_a_batch_that_is_planned_for_later_ends_after_that() -> None:
    later = NOON + timedelta(days=1)
    kind = LineKind.long_code
    at_once = ends_at(FIGURES, NOON, NOON, 10.0, kind)
    assert at_once is not None
    took = at_once - NOON
    assert ends_at(FIGURES, NOON, NOON, 10.0, kind, later) == later + took
    assert ends_at(FIGURES, NOON, later + took, 10.0, kind, later) == later + took * 2
