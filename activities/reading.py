"""The activity that reads survey answers, outside workflow code because word lists change."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import get_ident
from uuid import UUID

import structlog
from temporalio import activity

from activities.contract import READ_ANSWER, AnswerRequest
from database.engine import Sessions
from database.queries.survey_questions import QuestionDelivery, question_deliveries
from domain.conversation.survey_inputs import UNREAD, AnswerReading
from domain.delivery.message_status import MessageStatus
from domain.survey.kinds import Meaning, QuestionSeen
from domain.survey.reading import read
from domain.survey.scales import Scale

LONGEST = 5000
"""Characters of a text that are read: as many as are stored (`domain.text.limits.INCOMING`)."""
COMPUTING_SECONDS = 2.0
"""Ours: reading takes milliseconds, and a text that takes longer is not an answer."""
LOOK_SECONDS = 0.1
"""How often it is looked how long a reading has computed."""
CALL = timedelta(seconds=10)
"""A text that its provider has not confirmed may be on the phone after this time: the longest call
to a provider.
"""
QUESTION_MARKS = "?？؟"
FAILED = (MessageStatus.failed, MessageStatus.undelivered)

log = structlog.stdlib.get_logger()

Read = Callable[[str, Scale], Awaitable[AnswerReading]]


async def read_in_time(text: str, scale: Scale) -> AnswerReading:
    """Read a text in a thread, outside the event loop. Raises `TimeoutError`.

    Only what the thread computes counts: on a busy machine it has to wait, for itself and a core.
    """
    clocks: list[_Clock] = []

    def reading() -> AnswerReading:
        clocks.append(_Clock())
        return read_as_answer(text, scale)

    thread = asyncio.ensure_future(asyncio.to_thread(reading))
    try:
        while not (await asyncio.wait({thread}, timeout=LOOK_SECONDS))[0]:
            if clocks and clocks[0].seconds() > COMPUTING_SECONDS:
                raise TimeoutError
        return await thread
    finally:
        thread.cancel()


class _Clock:
    """How long the thread that made it has computed since. macOS tells only what passed."""

    def __init__(self) -> None:
        if sys.platform == "darwin":
            self._clock = time.CLOCK_MONOTONIC
        else:
            self._clock = time.pthread_getcpuclockid(get_ident())
        self._began = time.clock_gettime(self._clock)

    def seconds(self) -> float:
        return time.clock_gettime(self._clock) - self._began


def read_as_answer(text: str, scale: Scale) -> AnswerReading:
    """Return the reading of a text as an input of the survey rules."""
    found = read(text, scale)
    return AnswerReading(
        meaning=Meaning(found.meaning),
        score=found.score,
        comment=found.comment,
        has_request=found.has_request,
        asks=any(mark in text for mark in QUESTION_MARKS),
    )


@dataclass(frozen=True)
class Answers:
    """The local activity that reads texts which may be answers."""

    sessions: Sessions
    read: Read = read_in_time

    @activity.defn(name=READ_ANSWER)
    async def read_answer(self, request: AnswerRequest) -> AnswerReading:
        """Read a text, and find out how much of the question its sender had seen.

        If the reading fails in any way, the text is not an answer, and a person gets it.
        """
        questions = (request.first_question, request.last_question)
        ids = [UUID(question) for question in questions if question]
        found = await question_deliveries(self.sessions.direct, ids)
        answer = await self._answer(request)
        return answer.model_copy(update={"seen": _seen(request, found)})

    async def _answer(self, request: AnswerRequest) -> AnswerReading:
        try:
            return await self.read(request.text[:LONGEST], request.scale)
        except Exception as error:
            log.error("answer_not_read", error=type(error).__name__)
            return UNREAD


def _seen(request: AnswerRequest, found: dict[str, QuestionDelivery]) -> QuestionSeen:
    """Return what the sender had seen, by when the text came and when the question was sent.

    Nobody saw a question that failed.
    """
    if request.first_question is None:
        return QuestionSeen.never
    first = found.get(request.first_question)
    if first and first.status in FAILED:
        return QuestionSeen.never
    if first is None or not _was_before(first, request.received_at):
        return QuestionSeen.nothing
    last = found.get(request.last_question or "")
    if last and last.status in FAILED:
        return QuestionSeen.question
    if last is None or not _was_before(last, request.received_at):
        return QuestionSeen.first_asking
    return QuestionSeen.question


def _was_before(question: QuestionDelivery, received_at: datetime) -> bool:
    """Say whether a question was sent and accepted by its provider before a text came."""
    at = question.handed_over_at
    if at is None:
        return False
    if not question.is_accepted:  # the call is under way, or its answer was lost
        at += CALL
    return at <= received_at
