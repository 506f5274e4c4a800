"""Thanks, reactions and a phone's own answers: shown, explained, and nothing opens for them."""

from datetime import timedelta

import pytest

from domain.consent.keywords import keyword_in
from domain.conversation.effects import MediaRef
from domain.conversation.inputs import ReceivedText
from domain.conversation.kinds import EventKind, PendingSide, Status
from domain.courtesies.policy import CourtesyPolicy
from domain.courtesies.reading import courtesy_in
from domain.policy.policy import Policy
from domain.survey.kinds import SurveyOutcome
from tests.domain.scenario import (
    ANN,
    SUPPORT,
    Scenario,
    answered,
    closed,
    in_survey,
    scenario,
    waiting,
)

TIMED = SUPPORT.model_copy(update={"response_time": timedelta(minutes=10)})
DRIVING = "I'm driving right now and will see your message later."
OWN = "Hey its Tom, will look at this tonight"
PICTURE = (MediaRef(url="https://m/1", content_type="image/jpeg"),)


def ruled(**rules: object) -> Policy:
    return TIMED.model_copy(update={"courtesies": CourtesyPolicy.model_validate(rules)})


def heard(held: Scenario, text: str, media: tuple[MediaRef, ...] = ()) -> ReceivedText:
    """Return a text as the door reads it."""
    held.keys += 1
    return ReceivedText(
        f"in-{held.keys}",
        text,
        keyword=keyword_in(text, is_opted_out=held.state.is_opted_out),
        courtesy=courtesy_in(text),
        media=media,
        received_at=held.now,
    )


def texts(held: Scenario, text: str, media: tuple[MediaRef, ...] = ()) -> bool:
    """Have the consumer text. Returns False where the text opens the next conversation."""
    received = heard(held, text, media)
    reading = held.hears(received)
    if not held.core.takes(received, reading):
        return False
    held.does(lambda core: core.consumer_texted(received, held.now, reading))
    return True


def nothing_opened(held: Scenario) -> list[object]:
    return [one.data["courtesy"] for one in held.events(EventKind.opened_nothing)]


# After the end


@pytest.mark.parametrize(
    ("text", "courtesy"),
    [
        ("Thank you!", "thanks"),
        ("👍", "thanks"),
        ("Vielen Dank für die schnelle Hilfe", "thanks"),
        ("Thanks Ann!", "thanks"),
        ("Liked “It comes tomorrow.”", "reaction"),
        ("👍 to “It comes tomorrow.”", "reaction"),
    ],
)
def test_after_the_end_it_stands_in_the_closed_conversation(text: str, courtesy: str) -> None:
    over = closed(TIMED)
    over.passes(hours=20)
    assert texts(over, text)
    assert [one.text for one in over.messages] == [text]
    assert (over.status, over.said, nothing_opened(over)) == (Status.closed, [], [courtesy])
    assert over.state.response_due_at is None
    assert over.state.waiting_since is None


@pytest.mark.parametrize(
    "text",
    ["Thanks, but my order is still missing", "thanks?", "hello", "Thanks Paul", DRIVING, "START"],
)
def test_what_asks_for_something_opens(text: str) -> None:
    over = closed()
    over.passes(minutes=5)
    assert not texts(over, text)


def test_thanks_with_a_picture_open() -> None:
    assert not texts(closed(), "thanks", PICTURE)


def test_thanks_days_later_open() -> None:
    over = closed()
    over.passes(days=3)
    assert not texts(over, "Thank you!")


def test_where_the_policy_says_so_thanks_open_at_once() -> None:
    over = closed(ruled(shown_within=timedelta()))
    over.passes(minutes=1)
    assert not texts(over, "Thank you!")


def test_thanks_while_a_late_rating_is_awaited_leave_it_awaited() -> None:
    late = SUPPORT.survey.model_copy(update={"late_within": timedelta(hours=24)})
    over = in_survey(SUPPORT.model_copy(update={"survey": late}))
    over.passes(hours=1)
    assert over.core.awaits_late_answer
    assert texts(over, "Thank you!")
    assert over.core.awaits_late_answer
    over.texts("4")
    assert over.state.survey
    assert over.state.survey.score == 4


def test_nothing_joins_a_closed_conversation_whose_texts_move_on() -> None:
    asked = in_survey()
    texts(asked, "hm")
    asked.passes(hours=1)
    assert asked.core.carries
    assert not texts(asked, "Thank you!")


# Inside an open conversation


@pytest.mark.parametrize("text", ["Thanks!", "👍", "Liked “It comes tomorrow.”"])
def test_inside_it_needs_no_answer(text: str) -> None:
    held = answered(TIMED)
    held.replies(ANN, "It comes tomorrow.")
    assert texts(held, text)
    state = held.state
    assert (state.pending_side, state.response_due_at) == (PendingSide.consumer, None)
    assert [one.data["courtesy"] for one in held.events(EventKind.no_answer_owed)]
    assert texts(held, "and when exactly?")
    assert state.response_due_at is not None


def test_a_thumb_that_answers_a_question_starts_the_clock() -> None:
    held = answered(TIMED)
    held.replies(ANN, "Shall I send it to Baker Street?")
    texts(held, "👍")
    assert held.state.response_due_at is not None


def test_where_the_policy_says_so_thanks_need_an_answer() -> None:
    held = answered(ruled(need_answer=True))
    held.replies(ANN, "It comes tomorrow.")
    texts(held, "Thanks!")
    assert held.state.response_due_at is not None


def test_thanks_do_not_stop_the_clock_of_a_question_before() -> None:
    held = answered(TIMED)
    texts(held, "where is it?")
    due = held.state.response_due_at
    texts(held, "thanks")
    assert (held.state.response_due_at, held.state.pending_side) == (due, PendingSide.agent)


def test_a_reaction_costs_no_question_of_the_survey() -> None:
    asked = in_survey()
    assert texts(asked, "👍 à « Il arrive demain. »")
    assert (asked.status, asked.said) == (Status.survey, [])


# A phone that answers by itself


def driven(policy: Policy = TIMED, text: str = DRIVING) -> Scenario:
    """Return a conversation whose phone answered Ann's text by itself."""
    held = answered(policy)
    held.passes(seconds=5)
    texts(held, text)
    return held


def test_a_marked_reply_within_seconds_is_the_phones() -> None:
    held = driven()
    assert len(held.events(EventKind.phone_answers)) == 1
    assert held.state.response_due_at is None
    assert held.state.consumer_texts == 1
    held.closes(ANN)
    assert (held.status, held.said) == (Status.closed, [])
    closing = held.events(EventKind.conversation_closed)[0]
    assert closing.data["survey_gate"] == "answers_by_itself"


def test_the_same_words_minutes_later_are_a_persons() -> None:
    held = answered(TIMED)
    held.passes(minutes=5)
    texts(held, DRIVING)
    assert not held.events(EventKind.phone_answers)
    assert held.state.response_due_at is not None


def test_the_same_text_after_each_of_ours_is_the_phones() -> None:
    held = driven(text=OWN)
    assert held.state.response_due_at is not None
    held.passes(minutes=1)
    held.replies(ANN, "It comes tomorrow.")
    held.passes(seconds=5)
    texts(held, OWN)
    assert len(held.events(EventKind.phone_answers)) == 1
    assert held.state.response_due_at is None


def test_the_clock_that_its_first_answer_started_is_taken_back() -> None:
    held = driven(text=OWN)
    held.passes(seconds=20)
    held.schedules(ANN, "It comes tomorrow.", minutes=1)
    waits = held.state.waiting_since
    assert waits is not None
    held.closes(ANN)
    held.passes(seconds=5)
    texts(held, OWN)
    assert held.state.survey
    assert (held.status, held.state.survey.outcome) == (Status.closed, SurveyOutcome.ignored)
    assert held.state.carried == []
    assert not held.core.awaits_late_answer


@pytest.mark.parametrize("text", ["yes", "where is my parcel please?", "Where is my order"])
def test_a_person_who_repeats_is_a_person(text: str) -> None:
    held = answered(TIMED)
    for _ in range(3):
        held.passes(seconds=5)
        texts(held, text)
    assert not held.events(EventKind.phone_answers)


def test_a_text_sent_twice_after_one_of_ours_is_a_persons() -> None:
    held = driven(text=OWN)
    held.passes(seconds=5)
    texts(held, OWN)
    assert not held.events(EventKind.phone_answers)


def test_after_the_end_its_answers_open_nothing_for_a_day() -> None:
    held = driven()
    held.closes(ANN)
    held.passes(hours=3)
    assert texts(held, DRIVING)
    assert nothing_opened(held) == ["automatic"]
    assert not texts(held, "I am back, where is it?")
    held.passes(hours=24)
    assert not texts(held, DRIVING)


def test_an_answer_to_the_closing_text_opens_nothing() -> None:
    over = closed()
    over.passes(seconds=3)
    assert texts(over, DRIVING)
    assert nothing_opened(over) == ["automatic"]
    assert over.state.phone_answer
    assert over.state.phone_answer.until == over.state.closed_at + timedelta(hours=24)  # type: ignore[operator]


def test_a_person_who_writes_again_is_asked_to_rate() -> None:
    held = driven()
    held.passes(minutes=5)
    texts(held, "back now, it arrived late yesterday")
    held.closes(ANN)
    assert held.status is Status.survey


def test_its_answer_to_the_survey_ends_it_and_costs_no_question() -> None:
    asked = in_survey()
    asked.passes(seconds=4)
    assert texts(asked, DRIVING)
    assert asked.state.survey
    assert (asked.status, asked.said) == (Status.closed, [])
    assert asked.state.survey.outcome is SurveyOutcome.ignored
    assert not asked.core.carries


def test_where_the_policy_says_so_no_phone_is_recognised() -> None:
    held = driven(ruled(answers_within=timedelta()))
    assert not held.events(EventKind.phone_answers)
    assert held.state.response_due_at is not None


def test_a_first_text_opens_whatever_it_is() -> None:
    for text in ("Thank you!", DRIVING):
        opened = scenario()
        opened.texts(text)
        assert opened.status is Status.waiting


def test_a_welcome_answered_by_the_phone_is_answered_once() -> None:
    held = waiting(TIMED)
    held.passes(seconds=3)
    texts(held, DRIVING)
    held.routes_to(ANN)
    assert held.said == []
