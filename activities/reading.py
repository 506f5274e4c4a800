"""The activity that reads answers to the survey: words of languages change, histories do not."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from temporalio import activity

from activities.contract import READ_ANSWER, AnswerRequest
from database.engine import Sessions
from database.queries.survey_questions import Left, left
from domain.conversation.survey_inputs import UNREAD, AnswerReading
from domain.delivery.message_status import MessageStatus
from domain.survey.kinds import Meaning, QuestionSeen
from domain.survey.reading import read
from domain.survey.scales import Scale

LONGEST = 5000
"""Characters of a text that are read: as many as a door keeps."""
PATIENCE_SECONDS = 2.0
"""Reading takes a moment; a text that takes longer is no answer."""
CALL = timedelta(seconds=10)
"""After so long without an answer of its provider, a text handed over may be on the phone."""
QUESTION_MARKS = "?？؟"
FAILED = (MessageStatus.failed, MessageStatus.undelivered)

log = structlog.stdlib.get_logger()

Read = Callable[[str, Scale], Awaitable[AnswerReading]]


async def read_in_time(text: str, scale: Scale) -> AnswerReading:
    """Read a text beside the event loop. Raises `TimeoutError`."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await asyncio.to_thread(read_as_answer, text, scale)


def read_as_answer(text: str, scale: Scale) -> AnswerReading:
    """Read a text, in the words of the survey's rules."""
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
    """The local activity that reads what may be an answer."""

    sessions: Sessions
    read: Read = read_in_time

    @activity.defn(name=READ_ANSWER)
    async def read_answer(self, request: AnswerRequest) -> AnswerReading:
        """Read a text, and tell what of the question its consumer had seen.

        Whatever goes wrong in the reading, the text is no answer, and a person gets it.
        """
        ids = [UUID(one) for one in (request.first_question, request.last_question) if one]
        found = await left(self.sessions.direct, ids)
        answer = await self._answer(request)
        return answer.model_copy(update={"seen": _seen(request, found)})

    async def _answer(self, request: AnswerRequest) -> AnswerReading:
        try:
            return await self.read(request.text[:LONGEST], request.scale)
        except Exception as error:
            log.error("answer_not_read", error=type(error).__name__)
            return UNREAD


def _seen(request: AnswerRequest, found: dict[str, Left]) -> QuestionSeen:
    """Compare when a text came with when the question left; nobody saw one that failed."""
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


def _was_before(question: Left, received_at: datetime | None) -> bool:
    """Say whether a question had left, accepted by its provider, when a text came."""
    at = question.handed_over_at
    if at is None:
        return False
    if not question.is_accepted:  # the call is under way, or its answer was lost
        at += CALL
    return received_at is None or at <= received_at
