"""Behaviour, section 3: an agent holds the auto-close. SUPPORT closes after four hours."""

import pytest

from domain.conversation.kinds import DeadlineKind, EventKind, Status
from domain.errors import ConversationClosed, ConversationNotAssigned
from tests.domain.conversation.test_timers import at, timed, told, until
from tests.domain.scenario import ANN, BEN, MIA, Scenario, answered, closed


def closes_at(scenario: Scenario) -> object:
    return scenario.core.deadlines.get(DeadlineKind.auto_close)


def test_while_it_is_held_nobody_is_warned_and_nothing_closes() -> None:
    held = answered(timed(auto_close_warning=60))
    held.holds(ANN)
    assert closes_at(held) is held.state.auto_close_at is None
    assert told(held, "auto_close_warning", 3000) == []
    assert held.status is Status.assigned


def test_closing_ends_the_hold() -> None:
    held = answered()
    held.holds(ANN)
    held.closes(ANN)
    assert not held.state.is_auto_close_held


def test_resumed_in_time_it_closes_when_it_would_have() -> None:
    held = answered()
    held.holds(ANN)
    until(held, 120)
    held.resumes(ANN)
    assert closes_at(held) == at(240)


def test_resumed_after_the_deadline_the_whole_time_counts_anew() -> None:
    held = answered(timed(auto_close_warning=60))
    held.holds(ANN)
    until(held, 1000)
    held.resumes(ANN)
    assert closes_at(held) == at(1240)
    assert told(held, "auto_close_warning", 1300) == [at(1180)]


def test_held_and_resumed_again_it_stands_as_it_stood() -> None:
    held = answered()
    held.holds(ANN)
    until(held, 1000)
    held.resumes(ANN)
    until(held, 1060)
    held.holds(ANN)
    until(held, 1120)
    held.resumes(ANN)
    assert closes_at(held) == at(1240)


def test_resumed_when_the_warning_would_be_late_it_closes_without() -> None:
    held = answered(timed(auto_close_warning=60))
    held.holds(ANN)
    until(held, 200)
    held.resumes(ANN)
    assert told(held, "auto_close_warning", 600) == []
    assert held.state.closed_at == at(240)


def test_messages_go_on_counting_while_it_is_held() -> None:
    held = answered()
    held.holds(ANN)
    until(held, 100)
    held.replies(ANN)
    held.resumes(ANN)
    assert closes_at(held) == at(340)


def test_a_hold_stays_through_transfer_and_return() -> None:
    held = answered()
    held.holds(ANN)
    held.transfers(ANN, BEN)
    held.routes_to(BEN)
    held.replies(BEN)
    held.returns(BEN)
    assert closes_at(held) is None


def test_the_holder_and_managers_hold_and_nobody_else() -> None:
    held = answered()
    with pytest.raises(ConversationNotAssigned):
        held.holds(BEN)
    held.holds(MIA)
    assert held.state.is_auto_close_held
    with pytest.raises(ConversationClosed):
        closed().holds(ANN)


def test_it_is_told_once_however_often_it_is_asked() -> None:
    held = answered()
    held.holds(ANN)
    held.holds(MIA)
    held.resumes(ANN)
    held.resumes(ANN)
    assert [e.agent_id for e in held.events(EventKind.auto_close_held)] == ["ann"]
    assert len(held.events(EventKind.auto_close_resumed)) == 1
