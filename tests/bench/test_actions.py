"""Billable actions are counted from a history as Temporal Cloud's price list counts them."""

from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from bench.actions import cost_of

HISTORIES = Path(__file__).parents[1] / "histories"


def event(kind: str) -> HistoryEvent:
    return HistoryEvent(event_type=EventType.Value(f"EVENT_TYPE_{kind}"))


def journalled(task: int) -> HistoryEvent:
    marker = event("MARKER_RECORDED")
    marker.marker_recorded_event_attributes.marker_name = "core_local_activity"
    marker.marker_recorded_event_attributes.workflow_task_completed_event_id = task
    return marker


STARTED, SIGNALED = event("WORKFLOW_EXECUTION_STARTED"), event("WORKFLOW_EXECUTION_SIGNALED")
FAILED_TWICE = event("ACTIVITY_TASK_STARTED")
FAILED_TWICE.activity_task_started_event_attributes.attempt = 3


@pytest.mark.parametrize(
    ("events", "actions"),
    [
        ([STARTED, SIGNALED], 1),
        ([STARTED, event("WORKFLOW_TASK_SCHEDULED"), SIGNALED], 2),
        ([journalled(4), journalled(4), journalled(9)], 2),
        ([event("ACTIVITY_TASK_SCHEDULED"), FAILED_TWICE], 3),
        ([event("TIMER_STARTED"), event("TIMER_CANCELED")], 1),
        ([event("WORKFLOW_EXECUTION_UPDATE_ACCEPTED")], 1),
        ([event("UPSERT_WORKFLOW_SEARCH_ATTRIBUTES")], 1),
    ],
)
def test_actions_of_events(events: list[HistoryEvent], actions: int) -> None:
    assert cost_of(events).actions == actions


def test_starts_of_timers_are_also_told_apart() -> None:
    cost = cost_of([SIGNALED, event("TIMER_STARTED"), event("TIMER_FIRED")])
    assert (cost.actions, cost.timers) == (2, 1)


def test_a_recorded_conversation_has_a_cost() -> None:
    text = (HISTORIES / "rated_after_a_transfer.json").read_text()
    cost = cost_of(WorkflowHistory.from_json("recorded", text).events)
    assert cost.events > cost.actions > 0
    assert cost.size > 0
