"""Measures the latency of a text to an agent's page, and of a reply to the provider.

Texts and replies alternate, at a steady rate that counts both, in several assigned conversations.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from bench.figures import Figure
from bench.installation import MeasuredInstallation
from bench.loops import Job, at_rate, until
from bench.percentiles import milliseconds, percentile
from bench.progress import ProgressSteps
from bench.sizes import Sizes
from bench.talking import Talk, WorkingAgent, at_work
from bench.wire import RequestRefused

RATES = (5, 20)
TARGETS = {"text_to_page_p99_ms_at_5_per_s": 150.0}
"""The limit in ms, ours, for a machine that does nothing else. The slowest of 100 texts is the 99th
percentile.
"""
PATIENCE = 120.0


@dataclass
class SentTimes:
    """The times at which phones sent texts (monotonic seconds), and agents sent replies (UTC)."""

    texts: dict[str, list[float]] = field(default_factory=dict)
    replies: dict[str, datetime] = field(default_factory=dict)
    refused: int = 0
    """Requests answered with an error, as the overloaded API does."""


async def measure(
    installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return percentiles in milliseconds at each rate."""
    figures: list[Figure] = []
    async with at_work(installation) as desk:
        with steps.step("opening conversations"):
            talks = await desk.talks(sizes.latency_conversations)
        for rate in RATES:
            count = rate * sizes.latency_seconds
            with steps.step(f"{rate} messages a second for {sizes.latency_seconds} s"):
                figures += await _at(rate, count, desk, talks)
    return figures


async def _at(rate: int, count: int, desk: WorkingAgent, talks: Sequence[Talk]) -> list[Figure]:
    sent = SentTimes()
    before = {talk.conversation_id: len(_came(desk, talk)) for talk in talks}
    jobs = [_job(number, talks, sent) for number in range(count)]
    await at_rate(jobs, per_second=rate)
    to_page: list[float] = []
    for conversation, times in sent.texts.items():
        key, seen = (conversation, "consumer"), before[conversation]
        await desk.page.wait_for(key, seen + len(times), seconds=PATIENCE)
        to_page += [
            came - left
            for left, came in zip(sorted(times), desk.page.came[key][seen:], strict=True)
        ]
    to_provider = await _to_provider(desk.installation, talks, sent)
    refused = Figure(name=f"refused_at_{rate}_per_s", value=sent.refused, at_most=0)
    return [
        refused,
        *_percentiles(rate, {"text_to_page": to_page, "reply_to_provider": to_provider}),
    ]


def _percentiles(rate: int, measured: Mapping[str, Sequence[float]]) -> list[Figure]:
    return [
        _judged(f"{what}_p{percent}_ms_at_{rate}_per_s", milliseconds(percentile(times, percent)))
        for what, times in measured.items()
        for percent in (50, 99)
    ]


def _judged(name: str, value: float) -> Figure:
    return Figure(name=name, value=value, unit="ms", at_most=TARGETS.get(name))


def _came(desk: WorkingAgent, talk: Talk) -> list[float]:
    return desk.page.came[talk.conversation_id, "consumer"]


def _job(number: int, talks: Sequence[Talk], sent: SentTimes) -> Job:
    """Return a text for an even number, and a reply in another conversation for an odd one."""
    turn, is_reply = divmod(number, 2)
    talk = talks[(turn + is_reply * len(talks) // 2) % len(talks)]

    async def text() -> None:
        left_at = time.perf_counter()
        try:
            await talk.text()
        except RequestRefused:
            sent.refused += 1
            return
        sent.texts.setdefault(talk.conversation_id, []).append(left_at)

    async def reply() -> None:
        words = f"We are looking into it. Ticket {uuid4().hex}"
        given_at = datetime.now(UTC)
        try:
            await talk.reply(words)
        except RequestRefused:
            sent.refused += 1
            return
        sent.replies[words] = given_at

    return reply if is_reply else text


async def _to_provider(
    installation: MeasuredInstallation, talks: Sequence[Talk], sent: SentTimes
) -> list[float]:
    """Return the seconds from the writing of each reply until the provider accepted it."""
    taken: dict[str, datetime] = {}

    async def is_all_taken() -> bool:
        for talk in talks:
            url = f"{installation.simulator_url}/phones/{talk.number}/messages"
            for text in (await installation.http.get(url)).json():
                if text["taken_at"]:
                    taken[text["text"]] = datetime.fromisoformat(text["taken_at"])
        return sent.replies.keys() <= taken.keys()

    await until(is_all_taken, seconds=PATIENCE, pause=0.5)
    return [(taken[text] - at).total_seconds() for text, at in sent.replies.items()]
