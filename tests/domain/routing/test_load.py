"""How load is counted, and who has room."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.conversation.kinds import PendingSide
from domain.routing.kinds import CapacityMode
from domain.routing.load import HeldConversation, free_slots, warmed_up, weight, weighted

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def held(
    side: str, silent: int | None = 0, idle_after: int = 240, idle_weight: float = 0.1
) -> HeldConversation:
    """Return a conversation whose consumer has been silent for so many seconds; None: always."""
    texted = None if silent is None else NOON - timedelta(seconds=silent)
    return HeldConversation(PendingSide(side), texted, timedelta(seconds=idle_after), idle_weight)


@pytest.mark.parametrize(
    ("conversation", "weighs"),
    [
        (held("agent"), 1),
        (held("agent", 9999), 1),
        (held("consumer", 0), 1),
        (held("consumer", 239), 1),
        (held("consumer", 240), 0.1),
        (held("consumer", 9999), 0.1),
        (held("consumer", None), 0.1),
        (held("consumer", 60, idle_after=60, idle_weight=0.25), 0.25),
        (held("consumer", 60, idle_after=60, idle_weight=0), 0),
    ],
)
def test_a_conversation_weighs_less_once_its_consumer_is_idle(
    conversation: HeldConversation, weighs: float
) -> None:
    assert weight(conversation, NOON) == weighs


@pytest.mark.parametrize(
    ("load", "capacity", "plain", "by_weight"),
    [
        (0, 0, 0, 0),
        (0, 1, 1, 1),
        (0.5, 1, 1, 1),
        (0.6, 1, 1, 0),
        (2, 3, 1, 1),
        (1, 3, 2, 2),
        (2.5, 3, 1, 1),
        (2.6, 3, 1, 0),
        (3, 3, 0, 0),
        (9, 3, 0, 0),
    ],
)
def test_so_many_more_fit_up_to_the_maximum_and_by_weight_up_to_half_above_it(
    load: float, capacity: int, plain: int, by_weight: int
) -> None:
    assert free_slots(load, capacity, CapacityMode.plain) == plain
    assert free_slots(load, capacity, CapacityMode.weighted) == by_weight


def test_many_idle_conversations_add_up_exactly() -> None:
    load = weighted([held("agent")] * 2 + [held("consumer", 300)] * 5, NOON)
    assert load == 2.5
    assert free_slots(load, 3, CapacityMode.weighted) == 1


@pytest.mark.parametrize(
    ("seconds", "capacity"),
    [(-5, 0), (0, 1), (89, 1), (90, 2), (180, 3), (269, 3), (270, 4), (100_000, 4)],
)
def test_an_agent_warms_up_by_one_conversation_every_ninety_seconds(
    seconds: int, capacity: int
) -> None:
    assert warmed_up(4, NOON - timedelta(seconds=seconds), NOON) == capacity


def test_who_has_no_log_in_time_is_warm() -> None:
    assert warmed_up(4, None, NOON) == 4
    assert warmed_up(0, NOON, NOON) == 0
