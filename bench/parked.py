"""Measures the cost of many idle open conversations: memory, and the next text in one of them.

They are opened as usual, by signal-with-start, a load of the settings and a journal entry. Only the
webhook and the welcome are left out, which no longer matter in an idle conversation. Each has a
timer that fires hours later.
"""

import random
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import text as sql

from bench import usage
from bench.figures import Figure
from bench.installation import LINE, MeasuredInstallation
from bench.loops import Job, as_fast_as_possible, until
from bench.percentiles import median, milliseconds
from bench.progress import ProgressStep, ProgressSteps
from bench.sizes import Sizes
from bench.texting import WORDS, new_number, signed
from cli.demo import ACCOUNT
from domain.conversation.inputs import ReceivedText
from temporal.conversations import ConversationClient, Thread

PATIENCE = 1800.0
LONG_WAIT = {"event": "waiting_in_queue", "delay_seconds": 6 * 3600, "repeats": 1}
"""No automatic message may be sent while it is measured."""
AT_ONCE = 20
SEED = 4711
IN_TRANSCRIPTS = "SELECT count(*) FROM message WHERE author = 'consumer'"
NEW_CONSUMER = sql("""
    INSERT INTO consumer (account_id, phone, number, last_text_at)
    VALUES (:account, :number, :number, now())
    RETURNING id
""")


async def measure(
    installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return memory and the cost of a text, each beside that of an empty installation."""
    await installation.switch_welcomes(on=False)
    await installation.set_up("automatic-messages/timers", LONG_WAIT)
    with steps.step("texts on an empty installation", sizes.parked_texts) as step:
        few = [new_number() for _ in range(sizes.parked_texts)]
        await _park(installation, few, None)
        await _texts(installation, few[: len(few) // 4], None)
        empty_memory = _memory(installation)
        empty = await _texts(installation, few, step)
    with steps.step(f"parking {sizes.parked} conversations", sizes.parked) as step:
        many = [new_number() for _ in range(sizes.parked)]
        began = time.perf_counter()
        await _park(installation, many, step)
        opened_per_second = len(many) / (time.perf_counter() - began)
    memory = _memory(installation)
    with steps.step("texts into parked conversations", sizes.parked_texts) as step:
        chosen = random.Random(SEED).sample(many, min(len(many), sizes.parked_texts))
        parked = await _texts(installation, chosen, step)
    return [
        Figure(name="parked_conversations", value=len(many)),
        Figure(name="opened_per_s", value=round(opened_per_second, 1), unit="/s"),
        *(
            Figure(name=f"{name.lower()}_mb", value=used, unit="MB", ceiling=empty_memory[name])
            for name, used in memory.items()
        ),
        Figure(name="parked_text_ms", value=parked[0], unit="ms", ceiling=empty[0]),
        *(
            Figure(
                name=f"parked_text_cpu_ms_{name.lower()}",
                value=used,
                unit="ms",
                ceiling=empty[1][name],
            )
            for name, used in parked[1].items()
        ),
    ]


def _memory(installation: MeasuredInstallation) -> Mapping[str, float]:
    return {name: usage.megabytes(installation, name) for name in ("Worker", "API", "Temporal")}


async def _park(
    installation: MeasuredInstallation, numbers: Sequence[str], step: ProgressStep | None
) -> None:
    """Open a conversation for each number; return when all are journalled."""
    before = await installation.scalar(IN_TRANSCRIPTS)
    conversations = ConversationClient(installation.temporal)
    jobs = [_opening(installation, conversations, number) for number in numbers]
    done = step.advance if step else None

    async def is_drained() -> bool:
        return await installation.scalar(IN_TRANSCRIPTS) >= before + len(numbers)

    await as_fast_as_possible(jobs, at_once=AT_ONCE, done=done)
    await until(is_drained, seconds=PATIENCE, pause=1)


def _opening(
    installation: MeasuredInstallation, conversations: ConversationClient, number: str
) -> Job:
    async def open_one() -> None:
        async with installation.sessions.begin() as session:
            consumer = await session.scalar(NEW_CONSUMER, {"account": ACCOUNT, "number": number})
        text = ReceivedText(message_id=str(uuid4()), text=WORDS, received_at=datetime.now(UTC))
        await conversations.hand_over(Thread(ACCOUNT, LINE, str(consumer)), [text])

    return open_one


async def _texts(
    installation: MeasuredInstallation, numbers: Sequence[str], step: ProgressStep | None
) -> tuple[float, Mapping[str, float]]:
    """Text each number in turn; return the median ms to the transcript, and CPU ms by part."""
    times: list[float] = []
    before = usage.cpu_seconds(installation)
    for number in numbers:
        text = signed(installation, number)
        seen = await installation.scalar(IN_TRANSCRIPTS)

        async def is_there(seen: int = seen) -> bool:
            return await installation.scalar(IN_TRANSCRIPTS) > seen

        began = time.perf_counter()
        await text.post(installation)
        await until(is_there, seconds=PATIENCE, pause=0.002)
        times.append(time.perf_counter() - began)
        if step:
            step.advance()
    used = usage.since(before, usage.cpu_seconds(installation))
    each = {
        name: round(used[name] * 1000 / len(numbers), 2) for name in ("API", "Worker", "Temporal")
    }
    return milliseconds(median(times)), each
