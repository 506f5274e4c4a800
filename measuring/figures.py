"""Figures of the whole installation, for the scrapes of every process.

One process counts for all every quarter of a minute, and each process reads what was counted: a
scrape costs no query. So take the maximum over processes, not the sum.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import measurements
from database.queries.measurements import Counts, Kind, Measured

PAUSE = timedelta(seconds=15)
SHARE_OF_TIME = 20
"""Counting takes at most a twentieth of the time: a large installation is counted less often."""
LONG_LOST_PAUSE = timedelta(minutes=3)
"""Between two counts of texts that were lost long ago. Ours: they change slowly."""
LOOK_SECONDS = 5.0

log = structlog.stdlib.get_logger()

PLAIN = {
    "pending_texts": "Consumers' texts that Temporal does not have yet.",
    "stuck_texts": "Consumers' texts handed over more than a minute ago, and in no transcript.",
    "unknown_texts": "Texts to consumers of which nobody knows yet whether they left.",
    "unsent_texts": "Texts to consumers that wait to leave, or that are leaving.",
    "overdue_conversations": "Open conversations whose next deadline has passed.",
    "events_behind": "Events that are not in records and reports yet.",
    "outdated_sums": "Days of accounts whose sums must be made again.",
}
AGES = {
    "pending_texts_oldest_seconds": "Age of the oldest text that Temporal does not have yet.",
    "unsent_texts_oldest_seconds": "Age of the oldest text to a consumer that did not leave yet.",
    "overdue_longest_seconds": "How late the latest timer of a conversation is.",
    "events_behind_oldest_seconds": "Age of the oldest event that is in no record yet.",
}
WORKFLOWS = {
    "rows_without_workflow": "Open conversations whose workflow does not run.",
    "workflows_without_row": "Workflows that run without an open conversation.",
    "workflows_stuck": "Workflows whose tasks keep failing or timing out.",
    "erasures_late": "Erasures that have not ended an hour after they were asked for.",
}
RUNS = {"runs_missed": "Runs of schedules that did not do their work, at least."}
PREFIX = "switchboard_"


@dataclass(eq=False)  # a registry holds it in a set
class InstallationFigures(Collector):
    """Has the figures counted, and tells them at each scrape. Register it, and run it as a task."""

    sessions: Sessions
    _kept: Mapping[Kind, Measured] = field(default_factory=dict)
    _read_at: float = 0.0
    _pause: timedelta = PAUSE

    def register(self, registry: CollectorRegistry) -> None:
        """Tell these figures with those of a registry."""
        registry.register(self)

    async def run(self) -> None:
        """Count when it is this process's turn, and read what was counted, until cancelled."""
        while True:
            try:
                await self.look()
            except NOT_DONE as error:
                log.warning("not_measured", error=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Count if nobody else did within the pause, and read what was counted."""
        direct = self.sessions.direct
        if await measurements.take(direct, Kind.counts, self._pause):
            began = time.monotonic()
            counts = await measurements.count(direct, near=self._near())
            await measurements.keep(direct, Kind.counts, measurements.as_figures(counts))
            took = timedelta(seconds=time.monotonic() - began)
            self._pause = max(PAUSE, took * SHARE_OF_TIME)
        if await measurements.take(direct, Kind.long_lost, LONG_LOST_PAUSE):
            lost = await measurements.count_long_lost(direct)
            await measurements.keep(direct, Kind.long_lost, lost)
        self._kept, self._read_at = await measurements.kept(direct), time.monotonic()

    def _near(self) -> timedelta:
        """Return since when lost texts are to be counted: since those of long ago were."""
        long_lost = self._kept.get(Kind.long_lost)
        return measurements.NEAR + timedelta(seconds=(long_lost and long_lost.age_seconds) or 0)

    def describe(self) -> Iterable[Metric]:
        """Return nothing: there are no figures before the first count."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Return what was read last."""
        if counted := self._kept.get(Kind.counts):
            counts = measurements.as_counts(counted.figures)
            lost = self._kept[Kind.long_lost].figures if Kind.long_lost in self._kept else {}
            all_lost = counts.stuck_texts + int(lost.get("stuck_texts", 0))
            yield from _counted(replace(counts, stuck_texts=all_lost))
        if compared := self._kept.get(Kind.workflows):
            yield from _compared(compared.figures, WORKFLOWS)
        if asked := self._kept.get(Kind.runs):
            yield from _compared(asked.figures, RUNS)
        ages = GaugeMetricFamily(
            f"{PREFIX}measured_age_seconds",
            "Age of the figures of the installation.",
            labels=["of"],
        )
        for kind, one in self._kept.items():
            if one.age_seconds is not None:
                ages.add_metric([kind.value], one.age_seconds + time.monotonic() - self._read_at)
        yield ages


def _counted(counts: Counts) -> Iterator[Metric]:
    numbers = (
        *(counts.pending_texts, counts.stuck_texts, counts.unknown_texts, counts.unsent_texts),
        *(counts.overdue, counts.events_behind, counts.stale_days),
    )
    ages = (
        *(counts.pending_oldest, counts.unsent_oldest, counts.overdue_longest),
        counts.events_oldest,
    )
    for (name, words), value in zip({**PLAIN, **AGES}.items(), (*numbers, *ages), strict=True):
        yield GaugeMetricFamily(PREFIX + name, words, value=value)
    by_status = GaugeMetricFamily(
        f"{PREFIX}open_conversations", "Open conversations, by status.", labels=["status"]
    )
    for status, count in counts.open_conversations.items():
        by_status.add_metric([status], count)
    yield by_status
    yield from _queues(counts)


def _queues(counts: Counts) -> Iterator[Metric]:
    waiting = GaugeMetricFamily(
        f"{PREFIX}queue_waiting",
        "Conversations that wait for an agent, by skill.",
        labels=["skill"],
    )
    oldest = GaugeMetricFamily(
        f"{PREFIX}queue_oldest_seconds",
        "The longest wait for an agent, by skill.",
        labels=["skill"],
    )
    for queue in counts.queues:
        waiting.add_metric([queue.skill_id or "other"], queue.waiting)
        oldest.add_metric([queue.skill_id or "other"], queue.oldest_seconds)
    yield from (waiting, oldest)


def _compared(figures: Mapping[str, Any], named: Mapping[str, str]) -> Iterator[Metric]:
    for name, words in named.items():
        if name in figures:
            yield GaugeMetricFamily(PREFIX + name, words, value=figures[name])
