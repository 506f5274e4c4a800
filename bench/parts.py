"""The parts of the bench by name, in the order they are measured."""

from collections.abc import Awaitable, Callable, Mapping

from bench import (
    batch,
    burst,
    cost,
    fleet,
    history,
    ingest,
    latency,
    long,
    parked,
    providers,
    reports,
    routing,
    streams,
    timers,
)
from bench.figures import Figure
from bench.installation import MeasuredInstallation
from bench.progress import ProgressSteps
from bench.sizes import Sizes

Part = Callable[[MeasuredInstallation, Sizes, ProgressSteps], Awaitable[list[Figure]]]

PARTS: Mapping[str, Part] = {
    "batch": batch.measure,
    "ingest": ingest.measure,
    "burst": burst.measure,
    "cost": cost.measure,
    "fleet": fleet.measure,
    "history": history.measure,
    "latency": latency.measure,
    "long": long.measure,
    "parked": parked.measure,
    "providers": providers.measure,
    "reports": reports.measure,
    "routing": routing.measure,
    "streams": streams.measure,
    "timers": timers.measure,
}
