"""Behaviour, section 6: texts the survey does not use open the next conversation."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.automatic.kinds import Automatic
from domain.conversation.effects import MediaRef
from domain.conversation.kinds import EventKind, PendingSide, Status
from domain.ids import ConsumerId, LineId, opened_conversation_id
from domain.survey.kinds import Meaning, QuestionSeen, SurveyOutcome
from tests.domain.scenario import RETURNING, SUPPORT, TEN, Scenario, fresh, in_survey, with_texts
from tests.domain.survey.asked import designed, lets_go, survey_of

PICTURE = (MediaRef(url="https://m/1", content_type="image/jpeg"),)
LATER = designed(interruption="after_last_retry")


def carried(scenario: Scenario) -> list[str]:
    return [text.text for text in scenario.state.carried]


def expires(scenario: Scenario) -> None:
    scenario.passes(hours=1)


def is_unreadable(scenario: Scenario) -> None:
    for _ in range(2):
        scenario.texts("hm", meaning=Meaning.unclear)


def is_rated(scenario: Scenario) -> None:
    scenario.texts("5")


def asks_anew(scenario: Scenario) -> None:
    lets_go(scenario, "my parcel is broken")


def is_ended(scenario: Scenario) -> None:
    scenario.does(lambda core: core.ended_by_operator(scenario.now))


@pytest.mark.parametrize(
    ("end", "outcome", "also"),
    [
        (expires, SurveyOutcome.expired, []),
        (is_unreadable, SurveyOutcome.unrecognised, ["hm", "hm"]),
        (is_rated, SurveyOutcome.completed, []),
        (asks_anew, SurveyOutcome.interrupted, []),
        (is_ended, SurveyOutcome.interrupted, []),
    ],
)
def test_an_unread_text_is_carried_over_however_the_survey_ends(
    end: Callable[[Scenario], None], outcome: SurveyOutcome, also: list[str]
) -> None:
    rated = in_survey(designed())
    rated.texts("the blue one", meaning=Meaning.unclear)
    assert (carried(rated), rated.status) == ([], Status.survey)
    end(rated)
    assert (rated.status, survey_of(rated).outcome) == (Status.closed, outcome)
    assert carried(rated) == ["the blue one", *also]
    assert rated.core.carries
    assert not rated.core.awaits_late_answer


def test_after_stop_nothing_is_carried_over() -> None:
    rated = in_survey(designed())
    rated.texts("the blue one", meaning=Meaning.unclear)
    rated.texts("STOP")
    assert not rated.core.carries


def test_stop_among_the_questions_after_the_rating_carries_nothing_over_either() -> None:
    rated = in_survey(designed(follow_ups=["resolved"]))
    rated.texts("5", media=PICTURE)
    rated.texts("STOP")
    assert (survey_of(rated).outcome, rated.core.carries) == (SurveyOutcome.completed, False)


@pytest.mark.parametrize("text", ["ok thanks", "hello"])
def test_an_acknowledgement_spends_no_question_and_opens_nothing(text: str) -> None:
    rated = in_survey(designed())
    for _ in range(4):
        rated.texts(text)
        assert (rated.said, rated.status) == ([], Status.survey)
    rated.texts("5")
    assert (survey_of(rated).score, rated.core.carries) == (5, False)


def test_after_nothing_but_thanks_the_survey_was_ignored() -> None:
    rated = in_survey(designed())
    rated.texts("ok thanks")
    expires(rated)
    assert survey_of(rated).outcome is SurveyOutcome.ignored
    assert rated.core.awaits_late_answer


def test_after_the_last_unread_answer_the_consumer_is_told() -> None:
    rated = in_survey(designed(questions=1))
    rated.texts("hm", meaning=Meaning.unclear)
    assert rated.said == ["survey_unrecognised"]


def test_nothing_is_told_where_that_text_is_off() -> None:
    rated = in_survey(with_texts(designed(questions=1), survey_unrecognised=""))
    rated.texts("hm", meaning=Meaning.unclear)
    assert (rated.said, carried(rated)) == ([], ["hm"])


def test_a_rating_with_a_request_counts_and_opens_the_next_conversation() -> None:
    rated = in_survey(designed(follow_ups=["resolved"]))
    rated.texts("4 but where is my parcel?")
    assert survey_of(rated).score == 4
    assert (rated.said, rated.status) == (["survey_thanks"], Status.closed)
    assert carried(rated) == ["4 but where is my parcel?"]


def test_by_the_other_setting_it_opens_when_all_was_asked() -> None:
    rated = in_survey(designed(follow_ups=["resolved"], interruption="after_last_retry"))
    rated.texts("4 but where is my parcel?")
    assert (rated.said, rated.core.carries) == (["survey_resolved"], False)
    rated.texts("yes")
    assert carried(rated) == ["4 but where is my parcel?"]


def test_a_picture_with_a_rating_counts_and_the_picture_reaches_somebody() -> None:
    rated = in_survey(designed())
    rated.texts("5", media=PICTURE)
    assert (survey_of(rated).score, carried(rated)) == (5, ["5"])
    assert rated.state.carried[0].media == PICTURE


@pytest.mark.parametrize("text", ["", "ok thanks", "look"])
def test_a_picture_otherwise_is_for_a_person_at_once(text: str) -> None:
    rated = in_survey(designed())
    picture = rated.incoming(text, media=PICTURE)
    assert not rated.core.takes(picture, rated.hears(picture))


def test_a_picture_waits_for_the_end_where_requests_do() -> None:
    rated = in_survey(LATER)
    rated.texts("", media=PICTURE)
    assert rated.said == ["survey_retry"]
    rated.texts("3")
    assert [text.media for text in rated.state.carried] == [PICTURE]


def test_what_was_tried_before_is_kept_as_the_comment() -> None:
    rated = in_survey(designed())
    rated.texts("great service but slow", meaning=Meaning.attempt)
    assert rated.said == ["survey_retry"]
    rated.texts("5 but late")
    assert survey_of(rated).comment == "great service but slow\n5 but late"
    assert not rated.core.carries


def test_what_was_tried_reaches_somebody_where_no_rating_follows() -> None:
    rated = in_survey(designed())
    rated.texts("5 no 4", meaning=Meaning.attempt)
    expires(rated)
    assert carried(rated) == ["5 no 4"]


def test_an_unread_answer_to_a_later_question_is_not_lost() -> None:
    rated = in_survey(designed(follow_ups=["resolved"]))
    rated.texts("5")
    for text in ("hm", "the blue one"):
        rated.texts(text, meaning=Meaning.unclear)
    assert (survey_of(rated).outcome, rated.said) == (SurveyOutcome.completed, ["survey_thanks"])
    assert carried(rated) == ["hm", "the blue one"]


def test_thanks_instead_of_a_comment_end_the_survey_without_one() -> None:
    rated = in_survey(designed(follow_ups=["comment"]))
    rated.texts("5")
    rated.texts("ok thanks")
    assert (rated.said, survey_of(rated).comment) == (["survey_thanks"], None)


# Crossing


@pytest.mark.parametrize("text", ["2", "5 no 4"])
def test_a_text_sent_before_the_question_left_is_no_answer_and_asks_nothing_again(
    text: str,
) -> None:
    rated = in_survey(designed())
    rated.texts(text, seen=QuestionSeen.nothing)
    assert (rated.said, rated.status, survey_of(rated).asked) == ([], Status.survey, 1)
    rated.texts("5")
    assert (survey_of(rated).score, carried(rated)) == (5, [text])
    assert survey_of(rated).comment is None


def test_thanks_that_crossed_the_question_stay_where_they_are() -> None:
    rated = in_survey(designed())
    rated.texts("ok thanks", seen=QuestionSeen.nothing)
    expires(rated)
    assert (rated.core.carries, survey_of(rated).outcome) == (False, SurveyOutcome.ignored)


def test_a_request_that_crossed_the_question_opens_at_once() -> None:
    rated = in_survey(designed())
    request = rated.incoming("my parcel is broken")
    assert not rated.core.takes(request, rated.hears(request, seen=QuestionSeen.nothing))


def test_what_crossed_being_asked_again_spends_no_question() -> None:
    rated = in_survey(designed())
    rated.texts("I would say", meaning=Meaning.unclear)
    assert rated.said == ["survey_retry"]
    rated.texts("well", meaning=Meaning.unclear, seen=QuestionSeen.first_asking)
    assert (rated.said, survey_of(rated).asked) == ([], 2)
    rated.texts("4", seen=QuestionSeen.first_asking)
    assert survey_of(rated).score == 4


def test_where_the_question_failed_every_text_opens_a_conversation() -> None:
    rated = in_survey(designed())
    text = rated.incoming("5")
    assert not rated.core.takes(text, rated.hears(text, seen=QuestionSeen.never))
    rated.does(lambda core: core.survey_interrupted(rated.now))
    assert (survey_of(rated).outcome, survey_of(rated).score) == (SurveyOutcome.interrupted, None)


def test_what_crossed_a_later_question_does_not_answer_it() -> None:
    rated = in_survey(designed(follow_ups=["resolved"]))
    rated.texts("5")
    rated.texts("1", seen=QuestionSeen.nothing)
    assert (rated.said, survey_of(rated).answers) == ([], [])
    rated.texts("yes")
    assert [answer.value for answer in survey_of(rated).answers] == [1]
    assert carried(rated) == ["1"]


def test_so_many_texts_that_cross_are_read_by_somebody() -> None:
    rated = in_survey(designed())
    for number in range(20):
        assert rated.status is Status.survey
        rated.texts(f"part {number}", meaning=Meaning.unclear, seen=QuestionSeen.nothing)
    assert (rated.status, len(rated.state.carried)) == (Status.closed, 20)


# The next conversation


def next_of(scenario: Scenario) -> Scenario:
    """Return the conversation that opens with the unused texts of the survey."""
    opened = Scenario(
        fresh(scenario.core.policy, RETURNING, "consumer", number=2), now=scenario.now
    )
    texts, origin = scenario.state.carried, scenario.state.id
    opened.does(lambda core: core.opened_by_carried(texts, origin, RETURNING, scenario.now))
    return opened


def unread() -> Scenario:
    rated = in_survey(designed())
    rated.passes(minutes=10)
    rated.texts("the blue one", meaning=Meaning.unclear)
    rated.passes(minutes=5)
    rated.texts("or green", meaning=Meaning.unclear)
    expires(rated)
    return rated


def test_the_next_conversation_begins_with_the_same_messages_in_order() -> None:
    before = unread()
    opened = next_of(before)
    written = [(m.message_id, m.text, m.position, m.carried_from) for m in opened.messages]
    ids = [text.message_id for text in before.state.carried]
    assert written == [
        (ids[0], "the blue one", 1, before.state.id),
        (ids[1], "or green", 2, before.state.id),
    ]
    assert (opened.said, opened.status) == ([], Status.waiting)


def test_the_consumer_has_been_waiting_since_they_wrote() -> None:
    policy = SUPPORT.model_copy(update={"response_time": timedelta(minutes=15)})
    before = unread()
    before.core.policy = policy
    opened = next_of(before)
    assert opened.state.waiting_since == TEN + timedelta(minutes=10)
    assert opened.state.response_due_at == TEN + timedelta(minutes=25)
    assert opened.state.pending_side is PendingSide.agent


def test_both_conversations_say_where_the_texts_went() -> None:
    before = unread()
    (moved,) = before.events(EventKind.texts_carried_over)
    state = before.state
    line, consumer = LineId(state.line_id), ConsumerId(state.consumer_id)
    opens = opened_conversation_id(line, consumer, state.carried[0].message_id, 2)
    assert moved.data == {"count": 2, "to_conversation_id": opens}
    (event,) = next_of(before).events(EventKind.conversation_opened)
    assert event.data["continues"] == state.id


def test_the_closed_conversation_counts_and_shows_what_stays() -> None:
    before = in_survey(designed())
    count, last = before.state.message_count, before.state.last_text
    before.texts("the blue one", meaning=Meaning.unclear)
    expires(before)
    assert before.state.message_count_left == count + 1  # the question asked again
    assert before.state.last_text == last


def test_an_attachment_that_is_no_picture_is_told_of() -> None:
    before = in_survey(LATER)
    before.texts("", media=(MediaRef(url="https://m/1", content_type="text/x-vcard"),))
    before.texts("5")
    assert next_of(before).said == [Automatic.media_refused]


# When it was asked


def test_the_time_of_asking_is_that_of_the_rating() -> None:
    rated = in_survey(designed(follow_ups=["resolved"]))
    rated.passes(minutes=10)
    rated.texts("hm", meaning=Meaning.unclear)
    rated.passes(minutes=50)
    rated.texts("5")
    rated.passes(minutes=50)
    rated.texts("yes")
    survey = survey_of(rated)
    assert survey.asked_at == TEN
    assert survey.answered_at == TEN + timedelta(minutes=60)
