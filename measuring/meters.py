"""The instruments of one process. Labels are ids and words: never a number, a text or a consumer.

An instrument has a series for each combination of its labels, so labels come from short lists.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from time import perf_counter

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    generate_latest,
)
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

from measuring.spans import Spans

SHORT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Bounds in seconds of what a person or a provider waits for. Ours."""
LONG = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 14400)
"""Bounds in seconds of what may wait for somebody else, up to the four hours of a send. Ours."""


class Meters:
    """Counts and times what the process does. Nothing else knows of Prometheus."""

    def __init__(self, spans: Spans | None = None) -> None:
        self.spans = spans or Spans()
        """What traces of texts are recorded by."""
        self.registry = CollectorRegistry()
        histogram = partial(_histogram, self.registry)
        self._webhooks = histogram("webhook", "Webhooks, until answered.", "provider", "result")
        self._requests = histogram("request", "Other requests, without streams.", "status")
        self._hand_overs = histogram(
            "hand_over", "Consumers' texts, from arrival until Temporal had them.", buckets=LONG
        )
        self._sends = histogram(
            "send", "Texts submitted to providers, until answered.", "provider", "result"
        )
        self._sent = histogram(
            *("written_to_sent", "Texts to consumers, until their provider accepted them."),
            "provider",
            buckets=LONG,
        )
        self._rounds = histogram("router_round", "Rounds of the router.")
        self._posts = histogram(
            "endpoint_post", "Posts to customers' endpoints.", "result", buckets=LONG
        )
        self._add_others()

    def _add_others(self) -> None:
        into = self.registry
        self._logged = Counter(
            *("switchboard_log_events", "Lines logged.", ["event", "level"]), registry=into
        )
        self._streams = Gauge("switchboard_live_streams", "Streams open now.", registry=into)
        self._reachable = Gauge(
            *("switchboard_reachable", "Whether the last probe was answered.", ["service"]),
            registry=into,
        )

    def describe(self, **labels: str) -> None:
        """Tell versions and the kind of process, and measure memory and processor time."""
        Info("switchboard_build", "What runs in this process.", registry=self.registry).info(labels)
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def webhook(self, provider: str, status: int, seconds: float) -> None:
        """Count a webhook. `provider`: one that we know."""
        self._webhooks.labels(provider, _result_of(status)).observe(seconds)

    def request(self, status: int | None, seconds: float) -> None:
        """Count another request. `status`: None when nobody was there to be answered."""
        self._requests.labels(f"{status // 100}xx" if status else "none").observe(seconds)

    def handed_over(self, received_at: datetime) -> None:
        """Count a text that Temporal has."""
        self._hand_overs.observe(_seconds_since(received_at))

    def sent(self, provider: str, written_at: datetime) -> None:
        """Count a text that its provider accepted."""
        self._sent.labels(provider).observe(_seconds_since(written_at))

    @contextmanager
    def sending(
        self, provider: str, outcome_of: Callable[[Exception], str | None]
    ) -> Iterator[None]:
        """Time a submission.

        `outcome_of`: names an error by a word of a list; None: nothing was submitted.
        """
        began = perf_counter()
        result: str | None = "failed"
        try:
            yield
            result = "accepted"
        except Exception as error:
            result = outcome_of(error)
            raise
        finally:
            if result is not None:
                self._sends.labels(provider, result).observe(perf_counter() - began)

    @contextmanager
    def round(self) -> Iterator[None]:
        """Time a round of the router."""
        with self._rounds.time():
            yield

    def posted(self, result: str, seconds: float) -> None:
        """Count a post to an endpoint. `result`: a word of `PostOutcome`."""
        self._posts.labels(result).observe(seconds)

    def logged(self, event: str, level: str) -> None:
        """Count a logged line. `event`: a word of ours, not a sentence of a library."""
        self._logged.labels(event, level).inc()

    def count_streams(self, count: Callable[[], float]) -> None:
        """Have the open streams counted at each scrape."""
        self._streams.set_function(count)

    def reachable(self, service: str, answers: Callable[[], bool]) -> None:
        """Have a service's last probe told at each scrape."""
        self._reachable.labels(service).set_function(lambda: float(answers()))

    def page(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self.registry)


def _histogram(
    into: CollectorRegistry,
    name: str,
    words: str,
    *labels: str,
    buckets: tuple[float, ...] = SHORT,
) -> Histogram:
    return Histogram(f"switchboard_{name}_seconds", words, labels, buckets=buckets, registry=into)


def _seconds_since(at: datetime) -> float:
    return max((datetime.now(UTC) - at).total_seconds(), 0.0)


def _result_of(status: int) -> str:
    if status < HTTPStatus.BAD_REQUEST:
        return "taken"
    return "refused" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "failed"
