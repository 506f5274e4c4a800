"""Texts that may be answers are read outside of the event loop, and not for ever."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NoReturn

import pytest

from activities import reading
from activities.contract import AnswerRequest
from activities.reading import Answers, read_as_answer
from database.engine import Sessions
from domain.conversation.survey_inputs import UNREAD, AnswerReading
from domain.survey.kinds import Meaning
from domain.survey.scales import Scale, numbers

Read = Callable[[str, Scale], AnswerReading]


@pytest.fixture
def answers(session_factory: Sessions, monkeypatch: pytest.MonkeyPatch) -> Answers:
    monkeypatch.setattr(reading, "COMPUTING_SECONDS", 0.1)
    return Answers(session_factory)


async def _read(answers: Answers, text: str) -> AnswerReading:
    asked = AnswerRequest(text=text, received_at=datetime.now(UTC), scale=numbers(1, 5))
    return await answers.read_answer(asked)


async def test_a_rating_is_read_however_long_its_thread_waits_for_a_core(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def waits(text: str, scale: Scale) -> AnswerReading:
        time.sleep(0.5)
        return read_as_answer(text, scale)

    monkeypatch.setattr(reading, "read_as_answer", waits)
    found = await _read(answers, "5, thank you")
    assert (found.meaning, found.score) == (Meaning.rating, 5)


async def test_a_text_that_takes_too_long_to_read_is_no_answer(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def computes(text: str, scale: Scale) -> NoReturn:
        until = time.thread_time() + 1
        while time.thread_time() < until:
            pass
        raise AssertionError("it was waited for")

    monkeypatch.setattr(reading, "read_as_answer", computes)
    assert (await _read(answers, "5, thank you")).meaning == UNREAD.meaning
