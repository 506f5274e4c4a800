"""Counts the cost of a history: events, bytes, and billable actions.

Actions are counted as Temporal Cloud bills them (https://docs.temporal.io/cloud/actions). Each of
these is one action: a start, a signal, an accepted update, a timer, an upsert of search attributes,
an attempt of an activity. Signal-with-start is one action, not two. The local activities of one
workflow task together are one. A history does not show queries and refused updates; we have none in
normal operation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

ONE_EACH = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
        EventType.EVENT_TYPE_TIMER_STARTED,
        EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
        EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    }
)
LOCAL_ACTIVITY = "core_local_activity"


@dataclass(frozen=True)
class Cost:
    events: int
    size: int
    """Bytes of the stored events."""
    actions: int
    timers: int = 0
    """Those of the actions that start a timer."""


def cost_of(events: Sequence[HistoryEvent]) -> Cost:
    """Return the cost of consecutive events."""
    size = sum(event.ByteSize() for event in events)
    timers = sum(event.event_type == EventType.EVENT_TYPE_TIMER_STARTED for event in events)
    return Cost(len(events), size, _actions(events), timers)


def _actions(events: Sequence[HistoryEvent]) -> int:
    plain = sum(event.event_type in ONE_EACH for event in events)
    # A failed attempt leaves no event, but the start of the last attempt holds its number.
    again = sum(
        event.activity_task_started_event_attributes.attempt - 1
        for event in events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED
    )
    tasks = {
        event.marker_recorded_event_attributes.workflow_task_completed_event_id
        for event in events
        if event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED
        and event.marker_recorded_event_attributes.marker_name == LOCAL_ACTIVITY
    }
    return plain + again + len(tasks) - _is_signal_with_start(events)


def _is_signal_with_start(events: Sequence[HistoryEvent]) -> bool:
    first = [event.event_type for event in events[:2]]
    return first == [
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    ]
