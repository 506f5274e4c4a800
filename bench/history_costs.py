"""Measures what the followers of events cost: the CPU time of a text with them and without them."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

import psycopg

from bench.figures import Figure
from bench.history_brand import ACCOUNT
from bench.installation import MeasuredInstallation
from bench.loading import worker_held
from bench.loops import Job, at_rate
from bench.progress import ProgressSteps
from bench.sizes import Sizes
from bench.texting import new_number, signed
from bench.usage import cpu_seconds, since
from database.queries.records.reading import lead
from reporting import facts, records
from reporting.following import Following
from reporting.summing import Summing
from reporting.writers import Writer

PER_SECOND = 20
SETTLES_SECONDS = 3
STOP_FOLLOWER = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"
WRITERS = {"facts": Writer(facts.write), "records": Writer(records.write)}
"""In order: records say what facts measured."""


async def costs(
    installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return the CPU time of a text: without followers, what each of them adds, and with all.

    What each adds is measured of texts that wait for it, in as large batches as it reads.
    """
    count = sizes.history_texts
    with ExitStack() as stack:
        with _follower_stopped(installation), steps.step("texts without followers"):
            without = await _of_texts(installation, count)
            stack.enter_context(worker_held(installation))  # not while it reads events
        with steps.step("what was left to the followers"):
            added = await _of_each(installation)
    with steps.step("texts with followers"):
        everything = await _of_texts(installation, count)
    found = {"without_followers": without, "with_followers": everything}
    found |= {f"of_{name}": seconds for name, seconds in added.items()}
    return [
        Figure(name=f"cpu_ms_per_text_{name}", value=round(1000 * value / count, 2), unit="ms")
        for name, value in found.items()
    ]


@contextmanager
def _follower_stopped(installation: MeasuredInstallation) -> Iterator[None]:
    """Let the worker read no events for its records and facts."""
    url = installation.environment["SWITCHBOARD_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(STOP_FOLLOWER, [f"records/{ACCOUNT}"])
        yield


async def _of_texts(installation: MeasuredInstallation, count: int) -> float:
    """Return the CPU time of worker and database while texts come in, in seconds."""
    before = cpu_seconds(installation)
    await at_rate(texts_of_some(installation, count), per_second=PER_SECOND)
    await asyncio.sleep(SETTLES_SECONDS)
    used = since(before, cpu_seconds(installation))
    return used["Worker"] + used["PostgreSQL"]


async def _of_each(installation: MeasuredInstallation) -> Mapping[str, float]:
    """Return the CPU time of each follower that reads what was left to it, and of summing."""
    url = installation.environment["SWITCHBOARD_DATABASE_URL"]
    found: dict[str, float] = {}
    began = await _place(installation)
    for name, writer in WRITERS.items():
        await _place(installation, began)
        with _measured(installation, name, found):
            await Following(installation.sessions, url, [writer]).read([ACCOUNT])
    with _measured(installation, "summing", found):
        await Summing(installation.sessions).sum(ACCOUNT)
    return found


async def _place(installation: MeasuredInstallation, event_id: int | None = None) -> int:
    """Return the last event that was read; `event_id`: this one is to be it."""
    async with installation.sessions.begin() as session:
        place = await lead(session, ACCOUNT)
        if place is None:
            raise RuntimeError("Another process reads the events of the brand.")
        place.last_event_id = place.last_event_id if event_id is None else event_id
        return place.last_event_id


@contextmanager
def _measured(
    installation: MeasuredInstallation, name: str, found: dict[str, float]
) -> Iterator[None]:
    own, before = time.process_time(), cpu_seconds(installation)
    yield
    used = since(before, cpu_seconds(installation))
    found[name] = time.process_time() - own + used["PostgreSQL"]


def texts_of_some(installation: MeasuredInstallation, count: int) -> Sequence[Job]:
    """Return so many texts of a quarter as many new consumers, in turns."""

    def job(number: str) -> Job:
        text = signed(installation, number)
        return lambda: text.post(installation)

    numbers = [new_number() for _ in range(max(count // 4, 1))]
    return [job(numbers[place % len(numbers)]) for place in range(count)]
