"""What Temporal's SDK measures and logs in this process, among what we measure and log ourselves.

The SDK's core writes into a buffer, which is emptied every second: one scrape has all figures.
"""

import asyncio
import logging
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from threading import Lock

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from temporalio.runtime import (
    BUFFERED_METRIC_KIND_COUNTER,
    BUFFERED_METRIC_KIND_HISTOGRAM,
    BufferedMetric,
    BufferedMetricUpdate,
    LogForwardingConfig,
    LoggingConfig,
    MetricBuffer,
    MetricBufferDurationFormat,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

BUFFERED = 200_000
"""Updates kept until they are read. Ours: a busy worker makes some thousands a second."""
READ_SECONDS = 1.0
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 600.0)
"""Bounds in seconds of the SDK's histograms. Ours."""
LEFT_OUT = frozenset({"service_name"})
"""Labels that are the same everywhere."""
CORE_LOGGER, SDK_LOGGER = "temporal", "temporalio"

Labels = tuple[tuple[str, str], ...]


@dataclass
class _Family:
    """One instrument of the SDK, and its series by their labels."""

    kind: int
    words: str
    values: dict[Labels, float] = field(default_factory=dict)
    counts: dict[Labels, list[int]] = field(default_factory=dict)
    """For histograms: how many observations each bound has; the last one counts the rest."""

    def take(self, update: BufferedMetricUpdate, labels: Labels) -> None:
        if self.kind == BUFFERED_METRIC_KIND_HISTOGRAM:
            counts = self.counts.setdefault(labels, [0] * (len(BOUNDS) + 1))
            counts[bisect_left(BOUNDS, update.value)] += 1
        if self.kind in (BUFFERED_METRIC_KIND_HISTOGRAM, BUFFERED_METRIC_KIND_COUNTER):
            self.values[labels] = self.values.get(labels, 0) + update.value
        else:
            self.values[labels] = update.value


class SdkFigures(Collector):
    """Adds up what the SDK measures. Run it as a task, and register it."""

    def __init__(self) -> None:
        self._buffer = MetricBuffer(BUFFERED, MetricBufferDurationFormat.SECONDS)
        self._families: dict[str, _Family] = {}
        self._lock = Lock()  # scrapes are written in a thread

    def install(self) -> None:
        """Make Temporal's runtime of this process measure, and log through Python."""
        Runtime.set_default(_runtime(self._buffer), error_if_already_set=False)

    def register(self, registry: CollectorRegistry) -> None:
        """Tell these figures with those of a registry."""
        registry.register(self)

    async def run(self) -> None:
        """Add up what was measured, until cancelled."""
        while True:
            self.read()
            await asyncio.sleep(READ_SECONDS)

    def read(self) -> None:
        """Add up what was measured since the last time."""
        with self._lock:
            for update in self._buffer.retrieve_updates():
                self._family_of(update.metric).take(update, _labels_of(update.attributes))

    def describe(self) -> Iterable[Metric]:
        """Return nothing: the SDK tells its instruments as it uses them."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Return all that was measured."""
        self.read()
        with self._lock:
            return iter([_told(name, family) for name, family in self._families.items()])

    def _family_of(self, metric: BufferedMetric) -> _Family:
        name = f"{metric.name}_seconds" if metric.unit == "s" else metric.name
        found = self._families.get(name)
        if found is None:
            found = self._families[name] = _Family(metric.kind, metric.description or name)
        return found


@cache
def forward_logs() -> None:
    """Make Temporal's runtime of this process log through Python, without measuring.

    A process has one runtime: the second call does nothing.
    """
    Runtime.set_default(_runtime(None), error_if_already_set=False)


@contextmanager
def silence() -> Iterator[None]:
    """Keep back what the SDK and its core would say between a command's own lines: long, and it may
    quote people.
    """
    forward_logs()
    loggers = [logging.getLogger(name) for name in (CORE_LOGGER, SDK_LOGGER)]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _runtime(buffer: MetricBuffer | None) -> Runtime:
    logger = logging.getLogger(CORE_LOGGER)
    forwarding = LogForwardingConfig(
        logger, prepend_target_on_message=False, append_log_fields_to_message=False
    )
    levels = TelemetryFilter(core_level="WARN", other_level="ERROR")
    return Runtime(
        telemetry=TelemetryConfig(
            metrics=buffer, logging=LoggingConfig(filter=levels, forwarding=forwarding)
        )
    )


def _labels_of(attributes: Mapping[str, object]) -> Labels:
    return tuple(
        sorted(
            (name, _written(value)) for name, value in attributes.items() if name not in LEFT_OUT
        )
    )


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _told(name: str, family: _Family) -> Metric:
    keys = sorted({key for labels in family.values for key, _ in labels})
    told: CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily
    if family.kind == BUFFERED_METRIC_KIND_HISTOGRAM:
        told = HistogramMetricFamily(name, family.words, labels=keys)
        for labels, total in family.values.items():
            told.add_metric(_values(labels, keys), _buckets(family.counts[labels]), total)
        return told
    kind = CounterMetricFamily if family.kind == BUFFERED_METRIC_KIND_COUNTER else GaugeMetricFamily
    told = kind(name, family.words, labels=keys)
    for labels, value in family.values.items():
        told.add_metric(_values(labels, keys), value)
    return told


def _values(labels: Labels, keys: list[str]) -> list[str]:
    known = dict(labels)
    return [known.get(key, "") for key in keys]


def _buckets(counts: list[int]) -> list[tuple[str, float]]:
    so_far, buckets = 0, []
    for bound, count in zip((*BOUNDS, None), counts, strict=True):
        so_far += count
        buckets.append(("+Inf" if bound is None else str(bound), float(so_far)))
    return buckets
