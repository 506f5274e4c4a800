"""How busy a process's connections to PostgreSQL are."""

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from database.engine import Sessions
from database.pools import PoolState


class PoolFigures(Collector):
    """Tells at each scrape how busy each pool is. `pools`: by what they are for."""

    def __init__(self, pools: Mapping[str, Sessions]) -> None:
        self._pools = pools

    def describe(self) -> Iterable[Metric]:
        """Return nothing: the pools are asked at each scrape."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Return the pools' figures now."""
        states = {
            name: state
            for of, sessions in self._pools.items()
            for name, state in ((of, sessions.pool_state), (f"{of} direct", sessions.direct.state))
        }
        yield from _gauges(states)
        yield from _counters(states)


def _gauges(states: Mapping[str, PoolState]) -> Iterator[Metric]:
    size = GaugeMetricFamily(
        "switchboard_pool_size", "Connections that a pool may hold.", labels=["pool"]
    )
    in_use = GaugeMetricFamily(
        "switchboard_pool_in_use", "Connections that are in use.", labels=["pool"]
    )
    for name, state in states.items():
        size.add_metric([name], state.size)
        in_use.add_metric([name], state.in_use)
    yield from (size, in_use)


def _counters(states: Mapping[str, PoolState]) -> Iterator[Metric]:
    taken = CounterMetricFamily(
        "switchboard_pool_taken", "How often a connection was taken.", labels=["pool"]
    )
    waited = CounterMetricFamily(
        "switchboard_pool_wait_seconds",
        "Seconds spent on waiting for a connection, or on making one.",
        labels=["pool"],
    )
    for name, state in states.items():
        taken.add_metric([name], state.taken)
        waited.add_metric([name], state.waited)
    yield from (taken, waited)
