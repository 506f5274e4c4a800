"""How the conversation workflow calls its activities: names, time limits, what operators read."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError
from temporalio.workflow import ActivityCancellationType

from activities.contract import (
    CHOOSE,
    JOURNAL,
    LOAD_OPENING,
    LOAD_POLICY,
    LOOK,
    READ_ANSWER,
    RECOGNISE,
    SEND,
    AnswerRequest,
    Choice,
    ChoiceMade,
    ChoiceRequest,
    Journalled,
    LoadedOpening,
    OpeningRequest,
    PolicyRequest,
    Recognised,
    RecordedState,
    SendRequest,
    SendResult,
    Step,
    TextToRecognise,
    ThreadInHand,
)
from domain.conversation.effects import QueuedText
from domain.conversation.survey_inputs import UNREAD, AnswerReading
from domain.policy.policy import Policy
from workflows.conversation import describing
from workflows.conversation.messages import ConversationStart, sending_queue

Answer = TypeVar("Answer", bound=BaseModel)

DATABASE_TIMEOUT = timedelta(seconds=10)
DATABASE_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=5),  # when the database is back, nobody waits for long
)
ONE_TRY = RetryPolicy(maximum_attempts=1)
"""Of what may fail: it is done later all the same, and nobody waits for it."""
SEND_TIMEOUT = timedelta(seconds=45)
"""One attempt: for each text two transactions and a call of 10 s at most."""
SEND_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2,
    maximum_interval=timedelta(minutes=1),
)


async def journal(step: Step) -> Journalled:
    """Bring one step into the database. Returns when it, or another decision of it, is there."""
    return await _asked(JOURNAL, step, Journalled, describing.step(step.effects))


async def look(held: ThreadInHand) -> RecordedState:
    """Read what stands in the database of a thread."""
    return await _asked(LOOK, held, RecordedState, "what stands in the database")


async def load_opening(request: OpeningRequest) -> LoadedOpening:
    """Read what a new conversation must know, or what stands in its way."""
    return await _asked(
        LOAD_OPENING, request, LoadedOpening, "settings and history of the consumer"
    )


async def read_answer(request: AnswerRequest) -> AnswerReading:
    """Read what may be an answer to the survey; what cannot be read is none."""
    try:
        return await _asked(READ_ANSWER, request, AnswerReading, "an answer to the survey")
    except FailureError:
        return UNREAD


async def choose(request: ChoiceRequest) -> Choice | None:
    """Ask for an agent at once. None: nobody is free, or the router tells of one later."""
    try:
        made = await _asked(CHOOSE, request, ChoiceMade, "who is free", retry=ONE_TRY)
    except FailureError:
        return None
    return made.choice


async def recognise(text: TextToRecognise) -> str | None:
    """Return the language a consumer went over to. None: no other; or the next text tells it."""
    try:
        found = await _asked(RECOGNISE, text, Recognised, "language of a text", retry=ONE_TRY)
    except FailureError:
        return None
    return found.language


async def load_policy(start: ConversationStart, skill_id: str, language: str | None) -> Policy:
    """Read the settings that hold with a skill, in the language a consumer writes."""
    request = PolicyRequest(
        account_id=start.account_id,
        line_id=start.line_id,
        skill_id=skill_id,
        at=workflow.now(),
        language=language,
    )
    return await _asked(LOAD_POLICY, request, Policy, "settings of the skill")


async def _asked(
    name: str,
    given: BaseModel,
    kind: type[Answer],
    summary: str,
    *,
    retry: RetryPolicy = DATABASE_RETRY,
) -> Answer:
    """Ask the database, within the workflow task and for as long as it takes."""
    # Meanwhile signals and commands gather in the mailbox; no other step begins.
    answer: Answer = await workflow.execute_local_activity(
        name,
        given,
        result_type=kind,
        start_to_close_timeout=DATABASE_TIMEOUT,
        retry_policy=retry,
        summary=summary,
    )
    return answer


async def send(texts: Sequence[QueuedText]) -> SendResult:
    """Send messages of the transcript in order; tried for as long as the activity asks to be."""
    # Anything may happen meanwhile, to the conversation itself too: this is only the way out.
    done: SendResult = await workflow.execute_activity(
        SEND,
        SendRequest(message_ids=tuple(text.message_id for text in texts)),
        result_type=SendResult,
        task_queue=sending_queue(workflow.info().task_queue),
        start_to_close_timeout=SEND_TIMEOUT,
        retry_policy=SEND_RETRY,
        cancellation_type=ActivityCancellationType.TRY_CANCEL,
        summary=", ".join(describing.sending(text) for text in texts),
    )
    return done
