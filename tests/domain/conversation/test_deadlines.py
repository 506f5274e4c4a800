"""Each running deadline as a sentence for agents."""

from datetime import timedelta

from domain.conversation.deadlines import in_words
from domain.conversation.effects import MessageWritten
from domain.conversation.kinds import DeadlineKind
from domain.conversation.timers import BY_KIND, DEADLINES
from tests.domain.conversation.test_timers import MINUTE, open_from, timed
from tests.domain.scenario import ANN, TEN, Scenario, answered, in_survey, waiting, with_ann


def sentences(scenario: Scenario) -> list[str]:
    state = scenario.state
    due = in_words(state.deadlines, state.counted_from)
    return [
        one.sentence(f"at {one.at:%H:%M}", f"{one.since:%H:%M}" if one.since else None)
        for one in due
    ]


def test_an_answered_conversation_closes_because_the_consumer_is_silent() -> None:
    assert sentences(answered()) == [
        "Closes at 14:00 because the consumer has been silent since 10:00."
    ]


def test_the_next_deadline_stands_first() -> None:
    held = answered(timed(consumer_silent=10, auto_close_warning=60))
    assert sentences(held) == [
        "Reminds the consumer at 10:10 because the consumer has been silent since 10:00.",
        "Warns the consumer at 13:00 that it will close because the consumer has been silent "
        "since 10:00.",
        "Closes at 14:00 because the consumer has been silent since 10:00.",
    ]


def test_a_wait_an_offer_an_owed_answer_and_a_survey_say_why() -> None:
    rung = waiting(timed(waiting_in_queue=15))
    rung.rings_at(ANN)
    assert sentences(rung) == [
        "Stops ringing at 10:00 because nobody has answered it.",
        "Tells the consumer at 10:15 that it takes longer because it has been waiting in the queue "
        "since 10:00.",
    ]
    assert sentences(with_ann(timed(agent_silent=10))) == [
        "Tells the consumer at 10:10 that the answer takes longer because the agent has not "
        "answered since 10:00."
    ]
    assert sentences(in_survey()) == [
        "Stops asking for a rating at 11:00 because the question has been unanswered since 10:00."
    ]


def test_a_deadline_has_its_time_and_the_moment_it_counts_from() -> None:
    held = answered(timed(consumer_silent=10))
    held.passes(minutes=5)
    first = in_words(held.state.deadlines, held.state.counted_from)[0]
    assert (first.kind, first.at, first.since) == (
        DeadlineKind.consumer_silent,
        TEN + 10 * MINUTE,
        TEN,
    )


def test_reading_working_hours_again_is_no_deadline_for_agents() -> None:
    held = waiting(timed().model_copy(update=open_from((0, 60))))
    assert set(held.state.deadlines) == {DeadlineKind.hours_refresh}
    assert sentences(held) == []


def test_the_shown_deadlines_are_up_to_date_after_every_step() -> None:
    held = answered()
    assert held.state.deadlines == {DeadlineKind.auto_close: TEN + timedelta(hours=4)}
    held.texts("hello?")
    assert held.state.deadlines == held.state.counted_from == {}


def test_every_deadline_has_one_row_and_words_for_operators() -> None:
    assert [row.kind for row in DEADLINES] == list(BY_KIND)
    assert set(BY_KIND) == set(DeadlineKind)
    assert all(row.operators for row in DEADLINES)


def test_a_deadline_in_words_has_a_reason_and_a_gap_for_its_time() -> None:
    told = [row for row in DEADLINES if row.what is not None]
    assert all(row.why and "{when}" in row.what for row in told if row.what)


def test_of_two_things_that_are_due_the_more_urgent_happens_first() -> None:
    held = answered(timed(consumer_silent=10))
    held.core.auto_close.held(ANN, "hold", held.now)
    held.core.scheduled_texts.text_scheduled(
        ANN, "As promised.", held.now + 10 * MINUTE, "later", held.now
    )
    held.core.take_effects()
    held.core.time_passed(held.now + 11 * MINUTE)
    (sent,) = [one for one in held.core.take_effects() if isinstance(one, MessageWritten)]
    assert sent.text == "As promised."


def test_a_return_to_the_queue_is_no_beginning_of_the_consumers_silence() -> None:
    held = answered()
    wrote = held.state.quiet_since
    held.passes(minutes=5)
    held.core.transfers.returned_to_queue(ANN, None, "back", held.now)
    assert held.state.quiet_since == wrote
    assert DeadlineKind.auto_close not in held.core.deadlines
