"""Behaviour, section 6: who is asked to rate, and why others are not."""

from datetime import timedelta

import pytest

from domain.conversation.inputs import Closure
from domain.conversation.kinds import CloseReason, EventKind, Status
from domain.conversation.state import ConsumerFacts
from domain.conversation.survey_gates import is_sampled
from domain.policy.policy import Policy
from domain.survey.scales import THUMBS
from tests.domain.scenario import (
    ANN,
    TEN,
    Scenario,
    answered,
    opened_by_ann,
    waiting,
    with_ann,
    with_texts,
)
from tests.domain.survey.asked import designed, survey_of


def gate_of(scenario: Scenario) -> object:
    (event,) = scenario.events(EventKind.conversation_closed)
    assert event.data["survey"] is (scenario.status is Status.survey)
    return event.data.get("survey_gate")


@pytest.mark.parametrize(
    ("policy", "gate"),
    [
        (designed(enabled=False), "disabled"),
        (with_texts(designed(), survey_question=""), "no_question"),
        (designed(minimum_texts=2), "few_texts"),
        (designed(), None),
    ],
)
def test_the_closing_says_why_nobody_is_asked(policy: Policy, gate: str | None) -> None:
    held = with_ann(policy)
    held.closes(ANN)
    assert gate_of(held) == gate


def test_whoever_closes_it_can_ask_for_no_rating_and_give_a_reason() -> None:
    held = with_ann(designed())
    held.closes(ANN, Closure("acme-solved", "Solved", asks_rating=False))
    assert (gate_of(held), held.state.closing_reason_id) == ("not_wanted", "acme-solved")
    assert held.said == ["closed_by_agent"]
    [event] = held.events(EventKind.conversation_closed)
    assert event.data["closing_reason"] == "Solved"
    unasked = with_ann(designed(enabled=False))
    unasked.closes(ANN, Closure(asks_rating=False))
    assert gate_of(unasked) == "disabled"  # nobody would have been asked


def test_enough_texts_open_the_gate() -> None:
    held = with_ann(designed(minimum_texts=2))
    held.texts("and another thing")
    held.closes(ANN)
    assert held.status is Status.survey


def test_a_consumer_who_wrote_nothing_is_not_asked() -> None:
    proactive = opened_by_ann(designed())
    proactive.closes(ANN)
    assert gate_of(proactive) == "nothing_written"


@pytest.mark.parametrize(
    ("asked_before", "gate"), [({"days": 6, "hours": 23}, "asked_recently"), ({"days": 7}, None)]
)
def test_a_consumer_is_asked_no_more_often_than_set(
    asked_before: dict[str, float], gate: str | None
) -> None:
    asked_at = TEN - timedelta(**asked_before)
    facts = ConsumerFacts(is_first=False, last_asked_at=asked_at)
    held = waiting(designed(once_per=timedelta(days=7)), facts)
    held.routes_to(ANN)
    held.closes(ANN)
    assert gate_of(held) == gate


def test_a_sample_is_rated_and_always_the_same() -> None:
    ids = [f"conversation-{number}" for number in range(2000)]
    sample = {id for id in ids if is_sampled(id, 25)}
    assert sample == {id for id in ids if is_sampled(id, 25)}
    assert 400 < len(sample) < 600
    assert sample < {id for id in ids if is_sampled(id, 50)}
    assert all(is_sampled(id, 100) for id in ids)


def test_one_outside_the_sample_is_told_apart() -> None:
    percent = 1
    held = with_ann(designed(sample_percent=percent))
    assert not is_sampled(held.state.id, percent)
    held.closes(ANN)
    assert gate_of(held) == "not_sampled"


def test_stop_is_silent() -> None:
    held = with_ann(designed())
    held.texts("STOP")
    assert gate_of(held) == "silent_close"


def test_auto_close_is_silent() -> None:
    quiet = answered(designed())
    quiet.passes(hours=4)
    assert gate_of(quiet) == "silent_close"


def test_a_skill_may_ask_after_auto_close_too() -> None:
    quiet = answered(designed(after_auto_close=True, scale=THUMBS))
    quiet.passes(hours=4)
    assert (quiet.status, quiet.state.close_reason) == (Status.survey, CloseReason.auto_close)
    assert quiet.said == ["survey_question"]
    quiet.texts("👍🏽")
    assert (survey_of(quiet).score, survey_of(quiet).is_satisfied) == (1, True)
