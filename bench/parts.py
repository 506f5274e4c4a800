"""The parts of the bench by name, in the order in which they are measured."""

from collections.abc import Awaitable, Callable, Mapping

from bench import burst, cost, ingest, latency, long, parked, routing, timers
from bench.board import Board
from bench.figures import Figure
from bench.progress import Steps
from bench.sizes import Sizes

Part = Callable[[Board, Sizes, Steps], Awaitable[list[Figure]]]

PARTS: Mapping[str, Part] = {
    "ingest": ingest.measure,
    "burst": burst.measure,
    "cost": cost.measure,
    "latency": latency.measure,
    "long": long.measure,
    "parked": parked.measure,
    "routing": routing.measure,
    "timers": timers.measure,
}
