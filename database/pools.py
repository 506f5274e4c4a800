"""Pools of connections that know how long they were waited for."""

import time
from dataclasses import dataclass

from sqlalchemy import AsyncAdaptedQueuePool
from sqlalchemy.pool import ConnectionPoolEntry


@dataclass(frozen=True)
class PoolState:
    """How busy a pool is. `taken` and `waited` (seconds) count since the start of the process."""

    size: int
    in_use: int
    taken: int
    waited: float


class TimedPool(AsyncAdaptedQueuePool):
    """SQLAlchemy's pool, which counts the seconds for which it was waited for."""

    taken = 0
    waited = 0.0

    def _do_get(self) -> ConnectionPoolEntry:
        began = time.monotonic()
        try:
            return super()._do_get()
        finally:
            self.taken += 1
            self.waited += time.monotonic() - began

    @property
    def state(self) -> PoolState:
        return PoolState(self.size(), self.checkedout(), self.taken, self.waited)
