from datetime import UTC, datetime, timedelta

import pytest

from domain.conversation.kinds import PendingSide, ResponseState, Status
from domain.conversation.urgency import response_state

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("due_in", "pending", "silent_for", "expected"),
    [
        (timedelta(), PendingSide.agent, MINUTE, ResponseState.overdue),
        (-MINUTE, PendingSide.agent, 90 * MINUTE, ResponseState.overdue),
        (5 * MINUTE, PendingSide.agent, MINUTE, ResponseState.soon_overdue),
        (5 * MINUTE + timedelta(seconds=1), PendingSide.agent, MINUTE, ResponseState.ongoing),
        (None, PendingSide.agent, 90 * MINUTE, ResponseState.ongoing),
        (None, PendingSide.consumer, 3 * MINUTE, ResponseState.ongoing),
        (None, PendingSide.consumer, 4 * MINUTE, ResponseState.idle),
        (None, PendingSide.consumer, None, ResponseState.idle),
    ],
)
def test_an_open_conversation_stands_in_one_of_four_ways(
    due_in: timedelta | None,
    pending: PendingSide,
    silent_for: timedelta | None,
    expected: ResponseState,
) -> None:
    for status in (Status.waiting, Status.assigned):
        stands = response_state(
            status=status,
            due_at=None if due_in is None else NOW + due_in,
            pending_side=pending,
            consumer_texted_at=None if silent_for is None else NOW - silent_for,
            idle_after=timedelta(minutes=4),
            now=NOW,
        )
        assert stands is expected


@pytest.mark.parametrize("status", [Status.survey, Status.closed])
def test_a_closed_conversation_owes_no_answer(status: Status) -> None:
    stands = response_state(
        status=status,
        due_at=NOW - MINUTE,
        pending_side=PendingSide.agent,
        consumer_texted_at=NOW,
        idle_after=timedelta(minutes=4),
        now=NOW,
    )
    assert stands is None
