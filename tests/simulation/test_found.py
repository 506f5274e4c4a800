"""Schedules that once failed, as short as they could be made."""

from collections.abc import Iterator

import pytest

from tests.simulation.people import CLOSES, People
from tests.simulation.product import on_models
from tests.simulation.run import judged
from tests.simulation.schedule import Schedule, Step, play, settle
from tests.simulation.world import World

HELLO, STOP, HELP, REQUEST, HM, THANKS, DRIVING = 0, 2, 6, 10, 11, 16, 18
"""Texts, by their places among those that consumers write."""
REPLIES, NOTES = 0, 2
"""Commands, by their places among those that people give."""
ASKED = (
    ("text_and_hand_over", 0, HELLO),
    ("work_all", 0, 0),
    ("route", 0, 0),
    ("work_all", 0, 0),
    ("send", 0, 8),
    ("work_all", 0, 0),
    ("command", 0, CLOSES),
    ("work_all", 0, 0),
    ("send", 0, 8),
    ("work_all", 0, 0),
)
"""The question of the survey is on the phone."""


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


def test_a_text_kept_aside_that_a_restored_database_lost_is_kept_once() -> None:
    """Carried twice, it would be refused for ever."""
    assert plays_well(
        *ASKED,
        ("text_and_hand_over", 0, HM),
        ("work_all", 0, 0),
        ("send", 0, 8),
        ("work_all", 0, 0),
        ("restore_database", 3, 0),
        ("pass", 1, 0),
        ("sweep", 0, 0),
        ("hand_over", 0, 0),
        ("work_all", 0, 0),
        ("send", 0, 8),
        ("pass", 3, 0),
        ("work_all", 0, 0),
    )


def test_a_request_behind_a_text_kept_aside_is_taken_at_once_after_an_opt_out_elsewhere() -> None:
    """The conversation that begins with what was kept is closed as soon as it is open."""
    steps = (
        *ASKED,
        ("text_and_hand_over", 0, HM),
        ("work_all", 0, 0),
        ("stop_elsewhere", 0, 0),
        ("text_and_hand_over", 0, REQUEST),
        ("work_all", 0, 0),
    )
    world = World()
    people = People(world)
    play(Schedule(tuple(Step(*step) for step in steps)), world, people)
    assert {one.message_id for one in people.taken} <= world.database.tables.message.keys()


@pytest.mark.parametrize("command", [CLOSES, NOTES, REPLIES])
@pytest.mark.parametrize("back", [1, 2, 3])
def test_what_the_system_closed_in_a_restored_database_stays_closed(
    command: int, back: int
) -> None:
    """Whichever step the workflow has it open at: the same, or a later one."""
    assert plays_well(
        *ASKED[:6],
        ("command", 0, command),
        ("work_all", 0, 0),
        ("restore_database", back, 0),
        ("close_by_system", 0, 0),
    )


OVER = (*ASKED[:6], ("end", 0, 0), ("work_all", 0, 0))
"""The conversation is closed without a survey, and its workflow is over."""


@pytest.mark.parametrize(
    "fault",
    ["lose_task", "freeze_task", "die", "evict", "terminate", "reset", "unmarked", "sweep"],
)
@pytest.mark.parametrize("worked", [0, 1, 2, 3])
def test_thanks_after_the_end_stand_once_in_the_closed_conversation(
    fault: str, worked: int
) -> None:
    steps = (
        *OVER,
        ("text_and_hand_over", 0, THANKS),
        *[("work", 0, 0)] * worked,
        (fault, 0, 0),
        ("work_all", 0, 0),
    )
    assert plays_well(*steps)
    world = World()
    people = People(world)
    play(Schedule(tuple(Step(*step) for step in steps)), world, people)
    settle(world, people)
    assert len(world.database.tables.conversation) == 1
    told = [one for one in world.database.tables.event if one.kind == "opened_nothing"]
    assert [one.data["message_id"] for one in told] == [people.taken[-1].message_id]


@pytest.mark.parametrize("fault", ["restore_database", "restore_server", "close_by_system"])
@pytest.mark.parametrize("back", [1, 2, 3])
def test_thanks_and_automatic_replies_survive_a_restored_server(fault: str, back: int) -> None:
    assert plays_well(
        *OVER,
        ("text_and_hand_over", 0, THANKS),
        ("work_all", 0, 0),
        (fault, back, 0),
        ("text_and_hand_over", 0, DRIVING),
        ("work_all", 0, 0),
        ("text_and_hand_over", 0, THANKS),
        ("text_and_hand_over", 0, REQUEST),
        ("work_all", 0, 0),
    )
