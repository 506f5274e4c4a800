"""Health of a process: detects when only a restart would help.

While the database or Temporal does not answer at all, a new process could do no more than this one.
When they answer a fresh connection but not the ones this process holds, the process is ill. After a
minute it reports that, so that its supervisor can restart it.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus

import structlog
from temporalio.client import Client

from database.away import NOT_DONE
from database.connections import Connection, limited_url, settings_of
from database.engine import Sessions
from database.server import TAKES_WRITES, takes_writes
from runtime.small_http import NOT_HERE, Answer, Look
from temporal.conversations import AWAY as TEMPORAL_AWAY
from temporal.readiness import is_reachable

LOOK_SECONDS = 5.0
ILL_AFTER_SECONDS = 60.0
PROBE_SECONDS = 20.0
"""Seconds for one probe. Ours: a process without a free core is slow, but not ill."""

log = structlog.stdlib.get_logger()

Probe = Callable[[], Awaitable[bool]]


@dataclass
class Vital:
    """A service the process needs, probed over its own connection and, if that fails, a new one."""

    name: str
    own: Probe
    fresh: Probe
    ill_since: float | None = None
    """Monotonic seconds."""
    is_answering: bool = False
    """Whether it answered the last probe over the process's own connection, and does its work."""

    async def look(self) -> None:
        self.is_answering = await _answers(self.own)
        if self.is_answering or not await _answers(self.fresh):
            self.ill_since = None
        elif self.ill_since is None:
            self.ill_since = time.monotonic()
            log.warning("connection_suspected", to=self.name)


async def _answers(probe: Probe) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(PROBE_SECONDS):
            return await probe()
    return False


@dataclass
class Vitals:
    """The services the process needs, probed every few seconds."""

    parts: Sequence[Vital]
    looked_at: float = field(default_factory=time.monotonic)

    @property
    def are_well(self) -> bool:
        """False when this process could do nothing for a minute although a new one could."""
        now = time.monotonic()
        marks = [self.looked_at, *(one.ill_since for one in self.parts if one.ill_since)]
        return all(now - mark < ILL_AFTER_SECONDS for mark in marks)

    @property
    def answering(self) -> Mapping[str, bool]:
        """Whether each service answered the last probe."""
        return {one.name: one.is_answering for one in self.parts}

    async def watch(self) -> None:
        """Probe until cancelled."""
        while True:
            await asyncio.gather(*(one.look() for one in self.parts))
            self.looked_at = time.monotonic()
            if not self.are_well:
                log.error("process_ill", parts=[one.name for one in self.parts if one.ill_since])
            await asyncio.sleep(LOOK_SECONDS)


def database_vital(sessions: Sessions, database_url: str) -> Vital:
    """Return the probe of PostgreSQL, which answers and takes writes.

    Any recent answer within the process counts as success, unless it says that nothing is written.
    """

    async def own() -> bool:
        before = sessions.answered_at
        with suppress(*NOT_DONE):
            return await takes_writes(sessions.direct.fetch_one)
        return sessions.answered_at > before

    async def fresh() -> bool:
        settings = settings_of(limited_url(database_url, "switchboard-health"))
        try:
            async with await Connection.connect(**settings) as connection:
                found = await (await connection.execute(TAKES_WRITES)).fetchone()
        except NOT_DONE:
            return False
        return found == (True,)

    return Vital("database", own, fresh)


def temporal_vital(client: Client, connect: Callable[[], Awaitable[Client]]) -> Vital:
    """Return the probe of Temporal; `connect` makes a new client."""

    async def own() -> bool:
        return await is_reachable(client)

    async def fresh() -> bool:
        try:
            return await is_reachable(await connect())
        except TEMPORAL_AWAY:
            return False

    return Vital("temporal", own, fresh)


def health_of(vitals: Vitals, is_polling: Callable[[], bool]) -> Look:
    """Return what answers for the health of one process, on a port that serves nothing else.

    `/health/ready`: whether it takes work; `/health/live`: whether the process is well.
    """

    async def look(path: str) -> Answer:
        match path:
            case "/health/ready":
                return _told(**vitals.answering, polling=is_polling())
            case "/health/live":
                return _told(status=vitals.are_well)
            case _:
                return NOT_HERE

    return look


def _told(**parts: bool) -> Answer:
    body = json.dumps({name: "up" if is_up else "down" for name, is_up in parts.items()})
    status = HTTPStatus.OK if all(parts.values()) else HTTPStatus.SERVICE_UNAVAILABLE
    return Answer(body.encode(), status)
