"""Schedules that once failed, as short as they could be made."""

from collections.abc import Iterator

import pytest

from tests.simulation.product import on_models
from tests.simulation.run import judged
from tests.simulation.schedule import Schedule, Step

HELLO, STOP, HELP = 0, 2, 6
"""Texts, by their places among those that consumers write."""


@pytest.fixture(autouse=True)
def models() -> Iterator[None]:
    with on_models():
        yield


def plays_well(*steps: tuple[str, int, int]) -> bool:
    return not judged(Schedule(tuple(Step(*step) for step in steps))).broken


def test_a_text_whose_send_and_workflow_are_gone_is_found_out() -> None:
    assert plays_well(
        ("text_and_hand_over", 0, HELLO),
        ("work_all", 0, 0),
        ("send", 0, 3),
        ("die", 0, 0),
        ("terminate", 0, 0),
    )


def test_unsent_texts_of_many_conversations_leave_after_their_workflow_is_gone() -> None:
    assert plays_well(
        ("text_and_hand_over", 0, STOP),
        ("text_and_hand_over", 0, HELP),
        ("text_and_hand_over", 0, STOP),
        ("text_and_hand_over", 0, HELP),
        ("work_all", 0, 0),
        ("terminate", 0, 0),
    )


def test_a_text_that_a_restored_database_lost_opens_a_conversation_once_more() -> None:
    """The one it opened first was written anew without it, and has closed."""
    assert plays_well(
        ("text", 0, HELLO),
        ("hand_over", 0, 0),
        ("work_all", 0, 0),
        ("restore_database", 2, 0),
        ("text", 0, STOP),
        ("hand_over", 0, 0),
        ("work_all", 0, 0),
    )
