"""How the conversation workflow calls its activities: time limits, retries and summaries."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import BaseModel
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError
from temporalio.workflow import ActivityCancellationType

from activities.contract import (
    ASK_BOT,
    CHOOSE,
    JOURNAL,
    LOAD_OPENING,
    LOAD_POLICY,
    LOOK,
    QUIET_HOURS,
    READ_ANSWER,
    RECOGNISE,
    SEND,
    AnswerRequest,
    BotAsked,
    BotTurn,
    Choice,
    ChoiceMade,
    ChoiceRequest,
    Journalled,
    LoadedOpening,
    OpeningRequest,
    PolicyRequest,
    QuietHoursRead,
    QuietHoursRequest,
    Recognised,
    RecordedState,
    SendRequest,
    SendResult,
    Step,
    TextToRecognise,
    ThreadInHand,
)
from domain.consent.hold import Hold
from domain.conversation.bot_state import BotQuestion
from domain.conversation.effects import QueuedText
from domain.conversation.survey_inputs import UNREAD, AnswerReading
from domain.policy.policy import Policy
from workflows.conversation import describing
from workflows.conversation.messages import ConversationStart, bots_queue, sending_queue

Answer = TypeVar("Answer", bound=BaseModel)

DATABASE_TIMEOUT = timedelta(seconds=10)
"""Ours: far above the milliseconds a step takes, and soon enough to try another connection."""
DATABASE_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=5),  # once the database is back, nobody waits longer
)
"""Ours: the first retries outlast a lost connection, and the later ones an outage."""
ONE_TRY = RetryPolicy(maximum_attempts=1)
"""For calls that may fail, because the same is done later anyway."""
SEND_TIMEOUT = timedelta(seconds=45)
"""One attempt of `SEND`. Ours: it begins no text after 20 s (`activities.sending.LONGEST_RUN`), and
each text takes two transactions and a call of at most 10 s.
"""
SEND_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2,
    maximum_interval=timedelta(minutes=1),
)
"""Ours: quick after a hiccup of the provider, and sparing in an outage."""


BOT_BEATS = timedelta(seconds=4)
"""How long the asking of a bot may give no sign of life. Ours: four beats (`activities.asking`);
another worker can then still ask within the usual ten seconds.
"""
BOT_RETRY = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_attempts=3)
"""For a worker that dies: the activity itself repeats what a bot may answer the second time."""


async def journal(step: Step) -> Journalled:
    """Write one step into the database. Returns once this or another decision of it is there."""
    return await _run(JOURNAL, step, Journalled, describing.step(step.effects))


async def look(held: ThreadInHand) -> RecordedState:
    """Read what the database has recorded of a thread."""
    return await _run(LOOK, held, RecordedState, "what the database has recorded")


async def load_opening(request: OpeningRequest) -> LoadedOpening:
    """Read settings and history for a new conversation, or what prevents one."""
    return await _run(LOAD_OPENING, request, LoadedOpening, "settings and history of the consumer")


async def read_answer(request: AnswerRequest) -> AnswerReading:
    """Read a text that may answer the survey; a text that cannot be read is not an answer."""
    try:
        return await _run(READ_ANSWER, request, AnswerReading, "an answer to the survey")
    except FailureError:
        return UNREAD


async def choose(request: ChoiceRequest) -> Choice | None:
    """Ask for an agent at once. None: nobody is free, or the router chooses later."""
    try:
        made = await _run(CHOOSE, request, ChoiceMade, "who is free", retry=ONE_TRY)
    except FailureError:
        return None
    return made.choice


async def recognise(text: TextToRecognise) -> str | None:
    """Return the language a consumer has changed to. None: no change, or it was not recognised.

    After a failure the consumer's next text is recognised instead.
    """
    try:
        found = await _run(RECOGNISE, text, Recognised, "language of a text", retry=ONE_TRY)
    except FailureError:
        return None
    return found.language


async def load_policy(start: ConversationStart, skill_id: str, language: str | None) -> Policy:
    """Read the policy of a skill, in the language the consumer writes."""
    request = PolicyRequest(
        account_id=start.account_id,
        line_id=start.line_id,
        skill_id=skill_id,
        at=workflow.now(),
        language=language,
    )
    return await _run(LOAD_POLICY, request, Policy, "settings of the skill")


async def quiet_hours(start: ConversationStart, at: datetime) -> Hold | None:
    """Return until when a text that the consumer has not asked for waits; None: it may leave.

    Tables of time zones and rules must not enter a workflow: the answer is kept. Conversations that
    began under 0.1 did not ask.
    """
    if not workflow.patched("quiet_hours"):
        return None
    request = QuietHoursRequest(account_id=start.account_id, consumer_id=start.consumer_id, at=at)
    read = await _run(QUIET_HOURS, request, QuietHoursRead, "quiet hours of the consumer")
    return read.hold


async def _run(
    name: str,
    request: BaseModel,
    kind: type[Answer],
    summary: str,
    *,
    retry: RetryPolicy = DATABASE_RETRY,
) -> Answer:
    """Run a local activity over the database, by default until it succeeds."""
    # Signals and commands may arrive meanwhile. They wait in the mailbox; no other step begins.
    answer: Answer = await workflow.execute_local_activity(
        name,
        request,
        result_type=kind,
        start_to_close_timeout=DATABASE_TIMEOUT,
        retry_policy=retry,
        summary=summary,
    )
    return answer


async def send(texts: Sequence[QueuedText]) -> SendResult:
    """Send messages of the transcript in order, and retry as long as the activity asks for it."""
    # Anything may happen meanwhile, even a close: the sending task changes no state but the outbox.
    done: SendResult = await workflow.execute_activity(
        SEND,
        SendRequest(
            message_ids=tuple(text.message_id for text in texts),
            causes=tuple(text.cause for text in texts),
        ),
        result_type=SendResult,
        task_queue=sending_queue(workflow.info().task_queue),
        start_to_close_timeout=SEND_TIMEOUT,
        retry_policy=SEND_RETRY,
        cancellation_type=ActivityCancellationType.TRY_CANCEL,
        summary=", ".join(describing.sending(text) for text in texts),
    )
    return done


def ask_bot(question: BotQuestion) -> workflow.ActivityHandle[BotAsked]:
    """Begin to ask a bot about a turn. The core's own deadline stands beside it."""
    left = max(question.late_at - workflow.now(), timedelta(seconds=1))
    return workflow.start_activity(
        ASK_BOT,
        BotTurn(question=question),
        result_type=BotAsked,
        task_queue=bots_queue(workflow.info().task_queue),
        schedule_to_close_timeout=left,
        heartbeat_timeout=BOT_BEATS,
        retry_policy=BOT_RETRY,
        cancellation_type=ActivityCancellationType.TRY_CANCEL,
        summary=f"bot, turn {question.turn}",
    )
