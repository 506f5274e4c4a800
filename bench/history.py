"""Measures All conversations over a long past: each filter, ten combinations, first and deep pages.

Meanwhile consumers go on texting, twenty a second. What the read models cost is measured as well,
and the sizes of what they keep.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median

import psycopg
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from api.history_cursors import written_place
from api.schemas.shared import OF_LIST
from bench.figures import Figure
from bench.history_brand import ACCOUNT, load
from bench.history_costs import PER_SECOND, costs, texts_of_some
from bench.history_questions import Question, combined, filters_of, single
from bench.installation import MeasuredInstallation
from bench.loading import worker_held
from bench.loops import at_rate
from bench.percentiles import milliseconds, percentile
from bench.progress import ProgressSteps
from bench.sizes import Sizes
from database.queries.records.filters import EVERYTHING
from database.queries.records.places import Place, Wanted
from database.queries.records.search import Search
from database.queries.visibility import Viewer
from services.history import looking
from services.history.filters import HistoryFilters

PATH = "/v1/history"
DEEP = 499 * 50
"""Conversations in front of page 500."""
MEDIAN_MS, P99_MS = 200, 1_000
WHO = "mia"
SIZES = """
    SELECT CASE WHEN index.relkind = 'r' THEN 'rows' ELSE regexp_replace(
            parent.relname, '^ix_conversation_record_|_conversation_record$', '', 'g'
        ) END,
        sum(CASE WHEN index.relkind = 'r' THEN pg_table_size(index.oid)
            ELSE pg_relation_size(index.oid) END)::bigint
    FROM pg_class AS index
    JOIN pg_inherits ON inhrelid = index.oid JOIN pg_class AS parent ON parent.oid = inhparent
    WHERE parent.relname LIKE '%conversation_record%' GROUP BY 1 ORDER BY 2 DESC
"""


@dataclass
class Asked:
    """The times of one question's pages, in seconds."""

    first: list[float] = field(default_factory=list)
    deep: list[float] = field(default_factory=list)


async def measure(
    installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return how long each question takes, and what its answers cost when texts come in."""
    url = installation.environment["SWITCHBOARD_DATABASE_URL"]
    past = f"a past of {sizes.history} conversations"
    with steps.step(past) as step, worker_held(installation):
        await asyncio.to_thread(load, url, sizes.history, lambda _: step.advance())
    figures = await costs(installation, sizes, steps)
    now = datetime.now(UTC)
    questions = {**single(now), **combined(now)}
    cursors = await _cursors(installation, questions, steps)
    asked = {name: Asked() for name in questions}
    await _ask(installation, {}, None, Asked())  # the first of a process is slow
    async with _texting(installation):
        with steps.step("questions", sizes.history_rounds * len(questions)) as step:
            for _ in range(sizes.history_rounds):
                for name, question in questions.items():
                    await _ask(installation, question, cursors[name], asked[name])
                    step.advance()
    return [*_judged(asked), *_each(asked), *figures, *_sizes(url)]


def _judged(asked: Mapping[str, Asked]) -> list[Figure]:
    first = [seconds for one in asked.values() for seconds in one.first]
    deep = [seconds for one in asked.values() for seconds in one.deep]
    figures = []
    for name, times in (("first_page", first), ("page_500", deep or [0.0])):
        middle, worst = milliseconds(median(times)), milliseconds(percentile(times, 99))
        figures += [
            Figure(name=f"{name}_median_ms", value=middle, unit="ms", at_most=MEDIAN_MS),
            Figure(name=f"{name}_p99_ms", value=worst, unit="ms", at_most=P99_MS),
        ]
    return figures


def _each(asked: Mapping[str, Asked]) -> list[Figure]:
    figures = []
    for name, one in asked.items():
        middle, worst = milliseconds(median(one.first)), milliseconds(percentile(one.first, 99))
        figures.append(Figure(name=f"{name}_ms", value=middle, unit="ms", at_most=MEDIAN_MS))
        figures.append(Figure(name=f"{name}_p99_ms", value=worst, unit="ms", at_most=P99_MS))
        if one.deep:
            deep = milliseconds(median(one.deep))
            figures.append(Figure(name=f"{name}_page_500_ms", value=deep, unit="ms"))
    return figures


async def _ask(
    installation: MeasuredInstallation, question: Question, cursor: str | None, asked: Asked
) -> None:
    headers, params = await installation.log_in(WHO), dict(question)
    for times, more in ((asked.first, {}), (asked.deep, {"cursor": cursor} if cursor else None)):
        if more is None:
            continue
        began = time.perf_counter()
        answer = await installation.http.get(
            installation.api_url + PATH, params={**params, **more}, headers=headers
        )
        times.append(time.perf_counter() - began)
        answer.raise_for_status()


async def _cursors(
    installation: MeasuredInstallation, questions: Mapping[str, Question], steps: ProgressSteps
) -> Mapping[str, str | None]:
    """Return where page 500 of each question begins; None: it has fewer pages."""
    found: dict[str, str | None] = {}
    OF_LIST.set(PATH)
    with steps.step("finding page 500", len(questions)) as step:
        for name, question in questions.items():
            filters = filters_of(question)
            async with installation.sessions() as session:
                place = await _deep_place(session, filters)
            found[name] = written_place(place, filters.order)
            step.advance()
    return found


async def _deep_place(session: AsyncSession, filters: HistoryFilters) -> Place | None:
    viewer = Viewer(ACCOUNT, None, sees_all=True)
    plain = await looking.resolved(session, ACCOUNT, filters, ())
    if plain.consumers is not None:  # too many to count: as deep in the list of everything
        plain = EVERYTHING
    wanted = Wanted(viewer, plain, filters.order, datetime.now(UTC))
    search = Search(session, wanted, is_missing=False, ends_at=float("inf"))
    await session.execute(sql("SET LOCAL statement_timeout = 0"))
    query = search.passing().order_by(*search.sorted).offset(DEEP).limit(1)
    try:
        row = (await session.execute(query)).one_or_none()
    except OperationalError:  # it has taken too long: for a rare answer, which has no such page
        return None
    return Place(*row) if row else None


@asynccontextmanager
async def _texting(installation: MeasuredInstallation) -> AsyncIterator[None]:
    """Let twenty texts a second come in for the duration of a block."""

    async def go_on() -> None:
        while True:
            await at_rate(texts_of_some(installation, PER_SECOND * 10), per_second=PER_SECOND)

    task = asyncio.create_task(go_on())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _sizes(url: str) -> list[Figure]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(SIZES).fetchall()
    return [
        Figure(name=f"size_of_{name}_mb", value=round(size / 1e6, 1), unit="MB")
        for name, size in rows
    ]
