"""Measures a burst: many new consumers text within seconds, and each must get a welcome.

Thirty consumers a second send one text each while Ann is online. Every text opens a conversation,
is assigned and gets an automatic answer, which is the most expensive thing a text can cause. An
overloaded machine may be late, but must do everything once: no workflow task may time out, and no
step may be decided twice.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import text as sql
from temporalio.api.enums.v1 import EventType, TimeoutType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

from bench.figures import Figure
from bench.installation import LINE, MeasuredInstallation
from bench.loops import Job, as_fast_as_possible, at_rate, until
from bench.percentiles import milliseconds, percentile
from bench.progress import ProgressStep, ProgressSteps
from bench.sizes import Sizes
from bench.talking import at_work
from bench.texting import SignedText, new_number, signed
from bench.wire import RequestRefused
from domain.ids import ConsumerId, LineId, workflow_id

PER_SECOND = 30
PATIENCE = 180.0
AT_ONCE = 10
"""Phones and histories read in parallel after the burst."""
OF_THEM = """
    JOIN conversation ON conversation.id = {table}.conversation_id
    JOIN consumer ON consumer.id = conversation.consumer_id WHERE consumer.number = ANY(:numbers)
"""
MESSAGES = "SELECT count(*) FROM message " + OF_THEM.format(table="message")
IN_TRANSCRIPTS = f"{MESSAGES} AND message.author = 'consumer'"
WELCOMED = f"""{MESSAGES} AND message.automatic = 'first_welcome'
    AND message.status NOT IN ('queued', 'sending', 'unknown')"""
DECIDED_TWICE = "SELECT coalesce(sum(adoptions), 0) FROM latest_step " + OF_THEM.format(
    table="latest_step"
)
CONSUMERS = sql("SELECT id::text FROM consumer WHERE number = ANY(:numbers)")


@dataclass
class Burst:
    """When each consumer texted (UTC), and when the carrier accepted their welcome."""

    texted: dict[str, datetime] = field(default_factory=dict)
    welcomed: dict[str, datetime] = field(default_factory=dict)
    refused: int = 0

    @property
    def waits(self) -> list[float]:
        """Return the seconds that each welcomed consumer waited."""
        return [(at - self.texted[number]).total_seconds() for number, at in self.welcomed.items()]

    @property
    def seconds(self) -> float:
        """Return the seconds from the first text to the last welcome."""
        last = max(self.welcomed.values(), default=datetime.now(UTC))
        return (last - min(self.texted.values())).total_seconds()


async def measure(
    installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return how long it took to answer the burst, and what went wrong meanwhile."""
    await installation.switch_welcomes(on=True)
    numbers = [new_number() for _ in range(sizes.burst)]
    burst = Burst()
    async with at_work(installation):
        with steps.step(f"{sizes.burst} new consumers, {PER_SECOND} a second", sizes.burst) as step:
            jobs = [
                _texting(installation, burst, signed(installation, one), one, step)
                for one in numbers
            ]
            await at_rate(jobs, per_second=PER_SECOND)
        with steps.step("until all are welcomed"), suppress(TimeoutError):
            await until(lambda: _are_welcomed(installation, burst), seconds=PATIENCE)
    with steps.step("reading phones and histories"):
        await _read_phones(installation, burst)
        timeouts = await _timeouts(installation, numbers)
    return await _figures(installation, burst, timeouts)


def _texting(
    installation: MeasuredInstallation,
    burst: Burst,
    text: SignedText,
    number: str,
    step: ProgressStep,
) -> Job:
    async def send() -> None:
        texted_at = datetime.now(UTC)
        try:
            await text.post(installation)
        except RequestRefused:
            burst.refused += 1
            return
        burst.texted[number] = texted_at
        step.advance()

    return send


async def _are_welcomed(installation: MeasuredInstallation, burst: Burst) -> bool:
    return await installation.scalar(WELCOMED, numbers=list(burst.texted)) >= len(burst.texted)


async def _read_phones(installation: MeasuredInstallation, burst: Burst) -> None:
    await as_fast_as_possible(
        [_reading(installation, burst, one) for one in burst.texted], at_once=AT_ONCE
    )


def _reading(installation: MeasuredInstallation, burst: Burst, number: str) -> Job:
    async def read() -> None:
        answer = await installation.http.get(
            f"{installation.simulator_url}/phones/{number}/messages"
        )
        taken = [text["taken_at"] for text in answer.json() if text["author"] == "brand"]
        if taken:
            burst.welcomed[number] = datetime.fromisoformat(taken[0])

    return read


async def _timeouts(installation: MeasuredInstallation, numbers: Sequence[str]) -> list[int]:
    """Return the kind of each workflow task time-out in the consumers' histories."""
    async with installation.sessions() as session:
        consumers = await session.scalars(CONSUMERS, {"numbers": list(numbers)})
        ids = [workflow_id(LineId(LINE), ConsumerId(one)) for one in consumers]
    found: list[int] = []
    await as_fast_as_possible(
        [_looking(installation.temporal, one, found) for one in ids], at_once=AT_ONCE
    )
    return found


def _looking(temporal: Client, workflow: str, found: list[int]) -> Job:
    async def look() -> None:
        history = await temporal.get_workflow_handle(workflow).fetch_history()
        found.extend(timeouts_in(history.events))

    return look


def timeouts_in(events: Iterable[HistoryEvent]) -> list[int]:
    """Return the `TimeoutType` of each workflow task time-out among some events."""
    return [
        event.workflow_task_timed_out_event_attributes.timeout_type
        for event in events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT
    ]


async def _figures(
    installation: MeasuredInstallation, burst: Burst, timeouts: Sequence[int]
) -> list[Figure]:
    texts = len(burst.texted)
    numbers = list(burst.texted)
    moved = timeouts.count(TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START)
    return [
        Figure(name="refused", value=burst.refused, at_most=0),
        _all_of(
            "texts_in_transcripts",
            await installation.scalar(IN_TRANSCRIPTS, numbers=numbers),
            texts,
        ),
        _all_of("consumers_welcomed", len(burst.welcomed), texts),
        Figure(name="tasks_timed_out", value=len(timeouts) - moved, at_most=0),
        Figure(name="steps_decided_twice", value=await _adopted(installation, numbers), at_most=0),
        Figure(name="tasks_moved_to_another_worker", value=moved),
        Figure(name="all_welcomed_after_s", value=round(burst.seconds, 1), unit="s"),
        *(
            Figure(name=f"welcome_p{percent}_ms", value=_waited(burst, percent), unit="ms")
            for percent in (50, 99)
        ),
    ]


def _all_of(name: str, value: int, texts: int) -> Figure:
    return Figure(name=name, value=value, ceiling=texts, at_least=1)


async def _adopted(installation: MeasuredInstallation, numbers: Sequence[str]) -> int:
    return await installation.scalar(DECIDED_TWICE, numbers=numbers)


def _waited(burst: Burst, percent: float) -> float:
    return milliseconds(percentile(burst.waits, percent)) if burst.waits else 0
