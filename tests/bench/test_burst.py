"""What went wrong in a burst is read from histories, and said even when nobody was welcomed."""

from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import EventType, TimeoutType
from temporalio.api.history.v1 import HistoryEvent

from bench.burst import Burst, timeouts_in

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def timed_out(kind: int) -> HistoryEvent:
    event = HistoryEvent(event_type=EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT)
    event.workflow_task_timed_out_event_attributes.timeout_type = TimeoutType.ValueType(kind)
    return event


def test_time_outs_are_told_apart_by_kind() -> None:
    lost = TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE
    moved = TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START
    started = HistoryEvent(event_type=EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED)
    assert timeouts_in([started, timed_out(lost), timed_out(moved)]) == [lost, moved]


def test_a_burst_lasts_from_the_first_text_to_the_last_welcome() -> None:
    burst = Burst(
        texted={"first": NOON, "second": NOON + timedelta(seconds=2)},
        welcomed={"first": NOON + timedelta(seconds=1), "second": NOON + timedelta(seconds=5)},
    )
    assert burst.seconds == 5
    assert burst.waits == [1, 3]
