"""Measures how many texts a second ingress accepts and conversations process.

In a round, a few hundred new consumers text one after the other, then all text again, and so on,
with a fixed number in flight. The same pattern of bare signals goes to a trivial workflow on the
same server. Both alternate, because a machine's speed drifts.

Welcomes are switched off, because the yardstick sends no texts or delivery callbacks either (`cost`
and `latency` include them). On a machine with too few cores, workers yield to the API, so texts of
a consumer that come faster than they are processed are handed over together, as in production.
`openings` is the most expensive case, with one text from each consumer, so that none can be
combined.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from bench import usage
from bench.figures import Figure
from bench.installation import MeasuredInstallation
from bench.loops import Job, as_fast_as_possible, until
from bench.percentiles import median, milliseconds, percentile
from bench.progress import ProgressStep, ProgressSteps
from bench.sizes import Sizes
from bench.texting import new_number, signed
from bench.yardstick import Yardstick, yardstick

PATIENCE = 300.0
IN_TRANSCRIPTS = "SELECT count(*) FROM message WHERE author = 'consumer'"
WARM_UP = 20


@dataclass(frozen=True)
class Round:
    """Texts, the seconds until all were accepted and until all were processed, and the cost."""

    texts: int
    accepted_after: float
    drained_after: float
    latencies: Sequence[float]
    cpu: Mapping[str, float]


@dataclass(frozen=True)
class Rounds:
    """The same texts as webhooks and as bare signals."""

    ours: list[Round] = field(default_factory=list)
    bare: list[Round] = field(default_factory=list)


async def measure(
    installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return rates and latencies of webhooks, each beside that of bare signals."""
    warm_up = min(WARM_UP, sizes.consumers)
    await installation.switch_welcomes(on=False)
    async with yardstick(installation) as stick:
        with steps.step("warming up"):
            await _bare(installation, stick, stick.texts(warm_up, 2), None, sizes.at_once)
            await _ours(installation, _webhooks(installation, warm_up, 2), None, sizes.at_once)
        several = await _rounds(installation, stick, sizes, steps, each=sizes.texts_each)
        single = await _rounds(installation, stick, sizes, steps, each=1)
    return _figures(several, single)


async def _rounds(
    installation: MeasuredInstallation,
    stick: Yardstick,
    sizes: Sizes,
    steps: ProgressSteps,
    *,
    each: int,
) -> Rounds:
    found = Rounds()
    for number in range(sizes.rounds):
        label = f"{each} per consumer, round {number + 1}"
        jobs = stick.texts(sizes.consumers, each)
        with steps.step(f"bare signals, {label}", len(jobs)) as step:
            found.bare.append(await _bare(installation, stick, jobs, step, sizes.at_once))
        jobs = _webhooks(installation, sizes.consumers, each)
        with steps.step(f"webhooks, {label}", len(jobs)) as step:
            found.ours.append(await _ours(installation, jobs, step, sizes.at_once))
    return found


def _webhooks(installation: MeasuredInstallation, consumers: int, each: int) -> list[Job]:
    numbers = [new_number() for _ in range(consumers)]
    texts = [signed(installation, number) for _ in range(each) for number in numbers]
    return [lambda text=text: text.post(installation) for text in texts]  # type: ignore[misc]


async def _ours(
    installation: MeasuredInstallation, jobs: Sequence[Job], step: ProgressStep | None, at_once: int
) -> Round:
    before = await installation.scalar(IN_TRANSCRIPTS)

    async def is_drained() -> bool:
        return await installation.scalar(IN_TRANSCRIPTS) >= before + len(jobs)

    began = usage.cpu_seconds(installation)
    found = await _round(jobs, is_drained, step, at_once)
    return found(usage.since(began, usage.cpu_seconds(installation)))


async def _bare(
    installation: MeasuredInstallation,
    stick: Yardstick,
    jobs: Sequence[Job],
    step: ProgressStep | None,
    at_once: int,
) -> Round:
    async def is_ready() -> bool:
        return stick.handled >= 0

    await until(is_ready, seconds=PATIENCE)
    before = stick.handled

    async def is_drained() -> bool:
        return stick.handled >= before + len(jobs)

    began = {"Worker": stick.cpu_seconds(), "Temporal": usage.cpu_seconds(installation)["Temporal"]}
    found = await _round(jobs, is_drained, step, at_once)
    ended = {"Worker": stick.cpu_seconds(), "Temporal": usage.cpu_seconds(installation)["Temporal"]}
    return found(usage.since(began, ended))


async def _round(
    jobs: Sequence[Job],
    is_drained: Callable[[], Awaitable[bool]],
    step: ProgressStep | None,
    at_once: int,
) -> Callable[[Mapping[str, float]], Round]:
    began = time.perf_counter()
    load = await as_fast_as_possible(jobs, at_once=at_once, done=step.advance if step else None)
    await until(is_drained, seconds=PATIENCE)
    drained_after = time.perf_counter() - began
    return lambda cpu: Round(len(jobs), load.seconds, drained_after, load.latencies, cpu)


def _figures(several: Rounds, single: Rounds) -> list[Figure]:
    return [
        _paired("accept_ratio", several, _accepted, "texts/s", at_least=0.8),
        _paired("drain_ratio", several, _drained, "texts/s", at_least=0.7),
        _paired("openings_accept_ratio", single, _accepted, "texts/s"),
        _paired("openings_drain_ratio", single, _drained, "texts/s", at_least=0.6),
        *(
            _paired(f"webhook_p{percent}_ms", several, partial(_latency, percent), "ms")
            for percent in (50, 99)
        ),
        *(
            _paired(f"cpu_ms_{name.lower()}", several, partial(_cpu, name), "ms")
            for name in ("Temporal", "Worker")
        ),
        *(
            Figure(name=f"cpu_ms_{name.lower()}", value=_cpu(name, several.ours), unit="ms")
            for name in ("API", "PostgreSQL", "Simulator")
        ),
    ]


def _accepted(rounds: Sequence[Round]) -> float:
    return round(median([one.texts / one.accepted_after for one in rounds]), 1)


def _drained(rounds: Sequence[Round]) -> float:
    return round(median([one.texts / one.drained_after for one in rounds]), 1)


def _latency(percent: float, rounds: Sequence[Round]) -> float:
    every = [seconds for one in rounds for seconds in one.latencies]
    return milliseconds(percentile(every, percent))


def _cpu(name: str, rounds: Sequence[Round]) -> float:
    """Return the CPU milliseconds that a part spends on a text."""
    used = sum(one.cpu[name] for one in rounds) / sum(one.texts for one in rounds)
    return round(used * 1000, 2)


def _paired(
    name: str,
    rounds: Rounds,
    figure: Callable[[Sequence[Round]], float],
    unit: str,
    at_least: float | None = None,
) -> Figure:
    value, ceiling = figure(rounds.ours), figure(rounds.bare)
    return Figure(name=name, value=value, unit=unit, ceiling=ceiling, at_least=at_least)
