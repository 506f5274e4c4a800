"""CPU time and memory of each process. A busy machine hardly changes CPU time."""

from collections.abc import Mapping
from contextlib import suppress

import psutil

from bench.installation import MeasuredInstallation

PARTS = ("API", "Worker", "Temporal", "PostgreSQL", "Simulator")


def cpu_seconds(installation: MeasuredInstallation) -> Mapping[str, float]:
    """Return the CPU time of each part so far, including its children."""
    return {name: _cpu(installation.process(name)) for name in PARTS}


def cpu_of(installation: MeasuredInstallation, name: str) -> float:
    """Return the CPU time of one part so far, without its children."""
    used = installation.process(name).cpu_times()
    return float(used.user + used.system)


def _cpu(process: psutil.Process) -> float:
    """Return the CPU time of a process and its children, also of those that ended.

    Read again if one ended meanwhile: it would be missing, or counted twice.
    """
    while True:
        ended = _of_ended(process)
        own = process.cpu_times()
        used = float(own.user + own.system) + ended
        for child in process.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                its = child.cpu_times()
                used += float(its.user + its.system)
        if _of_ended(process) == ended:
            return used


def _of_ended(process: psutil.Process) -> float:
    total = process.cpu_times()
    return float(total.children_user + total.children_system)


def since(before: Mapping[str, float], now: Mapping[str, float]) -> Mapping[str, float]:
    """Return the CPU time used between two readings."""
    return {name: now[name] - used for name, used in before.items()}


def megabytes(installation: MeasuredInstallation, name: str) -> float:
    """Return a part's resident memory in MB."""
    return round(float(installation.process(name).memory_info().rss) / 1e6, 1)
