"""Measures reports of a year: a million conversations as facts, summed, and each question to them.

Each way to tell rows apart is asked for everything, compared with the year before, and limited by
each filter; the total has all figures each time. The worker is held meanwhile, since it would sum
what the bench sums.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

import psutil

from bench import report_facts
from bench.figures import Figure
from bench.installation import LINE, MeasuredInstallation
from bench.loading import worker_held
from bench.percentiles import milliseconds, percentile
from bench.progress import ProgressSteps
from bench.report_facts import AT_ONCE, YEAR
from bench.sizes import Sizes
from bench.usage import cpu_seconds, since
from database.away import NOT_DONE
from domain.reporting.kinds import SplitBy
from reporting.summing import Summing

PATH = "/v1/reports"
MOST_MS = 500
WHO = "mia"
SHOWN = ("opened", "handled", "closed", "abandoned_rate", "first_response_time", "csat")
"""Figures of each row, as the page shows them at first; the total has all."""
TRIES = 20
Params = Mapping[str, str]
FILTERS: Mapping[str, Params] = {
    "skill": {"skill": "acme-rs3"},
    "busiest_agent": {"agent": "acme-r1"},
    "team": {"team": "acme-rt"},
    "line": {"line": LINE},
    "source": {"source": "text"},
    "label": {"label": "acme-rl3"},
}
BOTH: Params = {"skill": "acme-rs2", "agent": "acme-r1"}
TIMES = (SplitBy.total, SplitBy.day, SplitBy.month, SplitBy.weekday)


@dataclass(frozen=True)
class Question:
    """One question of a year. `group`: what it is judged with."""

    group: str
    by: SplitBy
    params: Params


async def measure(
    installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return what summing a day costs, and how long a year takes to report, asked in each way."""
    with worker_held(installation):
        summed = await _summed(installation, sizes, steps)
        before = cpu_seconds(installation)
        questions = list(_questions())
        times: list[list[float]] = [[] for _ in questions]
        await _ask(installation, questions[0])  # the first of a process is slow
        with steps.step("a year of figures", sizes.reports_rounds * len(questions)) as step:
            for _ in range(sizes.reports_rounds):
                for place, question in enumerate(questions):
                    times[place].append(await _ask(installation, question))
                    step.advance()
        used = since(before, cpu_seconds(installation))
    every = [seconds for one in times for seconds in one]
    return [
        Figure(name="cpu_ms_to_sum_a_day", value=milliseconds(summed / YEAR), unit="ms"),
        Figure(
            name="year_median_ms", value=milliseconds(median(every)), unit="ms", at_most=MOST_MS
        ),
        Figure(name="year_p99_ms", value=milliseconds(percentile(every, 99)), unit="ms"),
        *(
            Figure(name=f"cpu_ms_{part.lower()}", value=_each(used[part], every), unit="ms")
            for part in ("API", "PostgreSQL")
        ),
        Figure(name="load_meanwhile", value=round(psutil.getloadavg()[1], 1)),
        *_judged(questions, times),
    ]


async def _summed(installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps) -> float:
    """Fill the year and sum it. Returns the CPU time of summing, in seconds."""
    url = installation.environment["SWITCHBOARD_DATABASE_URL"]
    with steps.step(f"facts of {sizes.reports} conversations"):
        await asyncio.to_thread(report_facts.load, url, sizes.reports)
    before = cpu_seconds(installation)
    with steps.step("summing a year"):
        await asyncio.gather(*(_sum(installation) for _ in range(AT_ONCE)))
    return since(before, cpu_seconds(installation))["PostgreSQL"]


async def _sum(installation: MeasuredInstallation) -> None:
    """Sum all there is, as the worker does: what took too long is tried again."""
    for left in reversed(range(TRIES)):
        try:
            await Summing(installation.sessions).sum("acme")
        except NOT_DONE:
            if not left:
                raise
        else:
            return


def _each(seconds: float, every: Sequence[float]) -> float:
    return milliseconds(seconds / len(every))


def _questions() -> Iterator[Question]:
    for by in SplitBy:
        yield Question(f"by_{by}", by, {})
        if by not in (SplitBy.day, SplitBy.month):
            yield Question("and_the_year_before", by, {"compare": "true"})
        for name, only in FILTERS.items():
            yield Question(f"of_{name}", by, only)
        if by in TIMES:
            yield Question("of_skill_and_agent", by, BOTH)


def _judged(questions: Sequence[Question], times: Sequence[Sequence[float]]) -> Iterator[Figure]:
    """Yield the median of each question without a filter, and the slowest of those with one."""
    groups: defaultdict[str, list[Sequence[float]]] = defaultdict(list)
    for question, taken in zip(questions, times, strict=True):
        groups[question.group].append(taken)
    for group, all_taken in groups.items():
        slowest = max(all_taken, key=median)
        said = "" if len(all_taken) == 1 else "_slowest"
        middle, least = milliseconds(median(slowest)), milliseconds(min(slowest))
        yield Figure(name=f"{group}{said}_ms", value=middle, unit="ms", at_most=MOST_MS)
        yield Figure(name=f"{group}{said}_least_ms", value=least, unit="ms")


async def _ask(installation: MeasuredInstallation, question: Question) -> float:
    headers, today = await installation.log_in(WHO), datetime.now(UTC).date()
    begins = today - timedelta(days=YEAR - 1)
    asked = {"first": str(begins), "last": str(today), "by": str(question.by), "figure": SHOWN}
    began = time.perf_counter()
    answer = await installation.http.get(
        installation.api_url + PATH,
        params={**asked, **question.params},
        headers=headers,
        timeout=60,
    )
    took = time.perf_counter() - began
    answer.raise_for_status()
    return took
