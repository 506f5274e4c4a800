"""Measures whether a conversation with thousands of messages stays as fast as at its start.

Texts and replies alternate. Each begins when the previous one is in the transcript.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from temporalio.client import WorkflowExecutionDescription

from bench.figures import Figure
from bench.installation import MeasuredInstallation
from bench.page import LivePage
from bench.percentiles import median, milliseconds
from bench.progress import ProgressStep, ProgressSteps
from bench.sizes import Sizes
from bench.talking import Talk, at_work

HUNDRED = 100
LOOK_EVERY = 50


@dataclass(frozen=True)
class History:
    """The history of the current run at one moment."""

    run: str
    events: int
    size: int


async def measure(
    installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return the last hundred messages' times beside the first ones', and the history's size."""
    async with at_work(installation) as desk:
        warm_up, talk, fresh = await desk.talks(3)
        with steps.step("warming up"):
            await _talk(desk.page, warm_up, min(HUNDRED // 4, sizes.long_messages // 2))
        count = max(sizes.long_messages // 2, 2)
        with steps.step(f"{count * 2} messages", count) as step:
            pairs, histories = await _grow(desk.page, talk, count, step)
        share = min(HUNDRED // 2, count // 2)
        with steps.step("beside a fresh conversation"):
            late, early = await _side_by_side(desk.page, talk, fresh, share)
    first, last = median(pairs[:share]), median(pairs[-share:])
    return [
        Figure(name="long_ratio", value=round(last / first, 3), at_most=1.2),
        Figure(name="long_ratio_same_moment", value=round(late / early, 3), at_most=1.2),
        Figure(name="long_messages", value=count * 2),
        Figure(name="pair_ms_first_hundred", value=milliseconds(first), unit="ms"),
        Figure(name="pair_ms_last_hundred", value=milliseconds(last), unit="ms"),
        *_histories(histories),
    ]


def _histories(histories: Sequence[History]) -> list[Figure]:
    runs = len({history.run for history in histories})
    return [
        Figure(name="roll_overs_seen", value=runs - 1),
        Figure(name="history_events_most", value=max(one.events for one in histories)),
        Figure(
            name="history_kb_most",
            value=round(max(one.size for one in histories) / 1000, 1),
            unit="kB",
        ),
    ]


async def _grow(
    page: LivePage, talk: Talk, count: int, step: ProgressStep
) -> tuple[list[float], list[History]]:
    pairs: list[float] = []
    histories: list[History] = []
    for number in range(count):
        pairs.append(await _pair(page, talk))
        step.advance()
        if number % LOOK_EVERY == LOOK_EVERY - 1 or number == count - 1:
            histories.append(await _history(talk))
    return pairs, histories


async def _side_by_side(page: LivePage, old: Talk, fresh: Talk, count: int) -> tuple[float, float]:
    """Return the median times of a pair in an old and a new conversation, measured alternately."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(count):
        times[0].append(await _pair(page, old))
        times[1].append(await _pair(page, fresh))
    return median(times[0]), median(times[1])


async def _talk(page: LivePage, talk: Talk, pairs: int) -> None:
    for _ in range(pairs):
        await _pair(page, talk)


async def _pair(page: LivePage, talk: Talk) -> float:
    """Send a consumer's text and an agent's reply; return the seconds that both took."""
    key = (talk.conversation_id, "consumer")
    seen = len(page.came[key])
    began = time.perf_counter()
    await talk.text()
    await page.wait_for(key, seen + 1)
    await talk.reply()
    return time.perf_counter() - began


async def _history(talk: Talk) -> History:
    found: WorkflowExecutionDescription = await talk.installation.temporal.get_workflow_handle(
        talk.workflow_id
    ).describe()
    info = found.raw_description.workflow_execution_info
    return History(found.run_id, info.history_length, info.history_size_bytes)
