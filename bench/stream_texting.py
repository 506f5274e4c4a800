"""Phones that text and agents who reply while pages are open, at a steady rate that counts both.

Each text and each reply passes through Temporal, the worker and the provider's simulator, all on
the same machine. How many of its cores that needs is said beside the times of pages: where it needs
more than there are, everything waits for a turn, and pages too.
"""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
from sqlalchemy import text as sql

from bench.bare_stream import BarePage
from bench.figures import Figure
from bench.installation import MeasuredInstallation
from bench.loops import Job, at_rate, until
from bench.percentiles import milliseconds, percentile
from bench.stream_brand import ACCOUNT, unique_words
from bench.stream_centre import Centre, Committed, Told
from bench.talking import Talk
from bench.usage import cpu_seconds, since
from bench.wire import RequestRefused

MOST_MILLISECONDS = 500
PATIENCE = 120.0
TEXTS = sql("""
    SELECT message.text, event.id FROM event
    JOIN message ON message.id = CAST(event.data->>'message_id' AS uuid)
    WHERE event.account_id = :account AND event.id > :after AND event.kind = 'message_added'
      AND message.author = 'consumer'
""")


@dataclass
class Texting:
    """Phones that text and agents who reply, in turn. `accepted`: texts by their words."""

    talks: Sequence[Talk]
    accepted: dict[str, float] = field(default_factory=dict)
    replied: int = 0
    refused: int = 0

    @property
    def done(self) -> int:
        return len(self.accepted) + self.replied

    def job(self, number: int) -> Job:
        """Return a text for an even number, and a reply in the same conversation for an odd one."""
        talk, words = self.talks[number // 2 % len(self.talks)], unique_words()

        async def act() -> None:
            try:
                await (talk.reply(words) if number % 2 else talk.text(words))
            except RequestRefused:
                self.refused += 1
                return
            if number % 2:
                self.replied += 1
            else:
                self.accepted[words] = time.perf_counter()

        return act


async def texted(
    centre: Centre, committed: Committed, bare: BarePage, per_second: int
) -> list[Figure]:
    """Return the times of pages and what the machine does meanwhile, at one rate."""
    texting, begins = Texting(centre.talks), committed.position
    cpu, own = cpu_seconds(centre.installation), _own_cpu()
    await at_rate(
        [texting.job(number) for number in range(per_second * centre.seconds)],
        per_second=per_second,
    )
    arrived = await _arrived(centre.installation, texting.accepted, begins)
    told = await centre.all_told(committed, begins, bare)
    used = dict(since(cpu, cpu_seconds(centre.installation)))
    needed = (sum(used.values()) + _own_cpu() - own) / max(texting.done, 1)
    figures = [
        Figure(name="refused", value=texting.refused, at_most=0),
        Figure(name="not_arrived", value=len(texting.accepted.keys() - arrived), at_most=0),
        *times("event_to_page", told.from_commit, at_most=MOST_MILLISECONDS),
        _against_bare(told),
        *_of_texts(centre, committed, texting, arrived),
        Figure(name="not_told", value=told.lost, at_most=0),
        *(
            Figure(
                name=f"cpu_ms_of_a_text_or_reply_{part.lower()}",
                value=round(spent * 1000 / max(texting.done, 1), 2),
                unit="ms",
            )
            for part, spent in used.items()
        ),
        Figure(
            name="cores_needed",
            value=round(needed * per_second, 2),
            ceiling=os.cpu_count() or 1,
        ),
    ]
    return [one.model_copy(update={"name": f"{one.name}_at_{per_second}_per_s"}) for one in figures]


def _against_bare(told: Told) -> Figure:
    """Compare with the bare stream beside: a machine without a free core makes both late."""
    value, ceiling = percentile(told.from_commit or [0], 99), percentile(told.bare or [0], 99)
    return Figure(
        name="event_to_page_p99_ratio",
        value=milliseconds(value),
        unit="ms",
        ceiling=milliseconds(ceiling),
    )


def _of_texts(
    centre: Centre, committed: Committed, texting: Texting, arrived: Mapping[str, int]
) -> list[Figure]:
    """Return the times from a text's acceptance: what comes before its event is no stream's."""
    to_event, to_page = [], []
    for words, event_id in arrived.items():
        if event_id not in committed.events:
            continue
        left, page = texting.accepted[words], centre.page_of(committed.events[event_id])
        to_event.append(max(committed.when(event_id) - left, 0))
        if page and (came := page.when_past(event_id)):
            to_page.append(max(came - left, 0))
    return [
        *times("text_accepted_to_event", to_event),
        *times("text_accepted_to_page", to_page),
    ]


async def _arrived(
    installation: MeasuredInstallation, accepted: Mapping[str, float], after: int
) -> Mapping[str, int]:
    """Return the event of each accepted text, when all are there or patience ends."""
    found: dict[str, int] = {}

    async def all_there() -> bool:
        async with installation.sessions() as session:
            rows = await session.execute(TEXTS, {"account": ACCOUNT, "after": after})
            found.update({words: event_id for words, event_id in rows if words in accepted})
        return accepted.keys() <= found.keys()

    with suppress(TimeoutError):
        await until(all_there, seconds=PATIENCE, pause=0.5)
    return found


def times(what: str, seconds: Sequence[float], at_most: float | None = None) -> list[Figure]:
    """Return the median and the 99th percentile, which is the one that is judged."""
    return [
        Figure(
            name=f"{what}_p{percent}_ms",
            value=milliseconds(percentile(seconds, percent)) if seconds else 0,
            unit="ms",
            at_most=at_most if percent == 99 else None,
        )
        for percent in (50, 99)
    ]


def _own_cpu() -> float:
    used = psutil.Process().cpu_times()
    return float(used.user + used.system)
