"""Following the account's events as they happen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from database.away import NOT_DONE
from database.queries import events, stream
from database.queries.stream import Batch
from domain.errors import NotAllowed, NotAuthenticated, NotFound
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.backends import Backends
from services.caller import Caller
from services.errors import ScopeMissing
from services.proving import proven

LONGEST_SECONDS = 600.0
LOOK_SECONDS = 15.0
"""How often at least a stream checks whether its reader may still follow it."""


class Wakes(Protocol):
    """Sets an event whenever an account may have news."""

    def following(self, account_id: str) -> AbstractContextManager[asyncio.Event]: ...


@dataclass(frozen=True)
class Followed:
    """A batch of events, and its reader: their role may have changed since the stream began."""

    caller: Caller
    batch: Batch


async def follow_events(
    caller: Caller, backends: Backends, wakes: Wakes, stopping: asyncio.Event, position: int | None
) -> AsyncIterator[Followed]:
    """Yield the events for a caller after a position, for ten minutes at most.

    Ends when `stopping` is set, and when the caller's log-in or token ends: the caller is proven
    again for each batch.
    """
    caller.require(Role.agent)
    clock = asyncio.get_running_loop()
    ends = clock.time() + LONGEST_SECONDS
    with wakes.following(caller.account_id) as wake:
        while not stopping.is_set() and clock.time() < ends:
            wake.clear()
            try:
                followed = await _read(caller, backends, position)
            except (*NOT_DONE, NotAuthenticated, NotAllowed, ScopeMissing, NotFound):
                return
            batch = followed.batch
            if position != batch.last_id:
                position = batch.last_id
                yield followed
            if not batch.is_full:
                await _woken(wake, stopping, min(LOOK_SECONDS, ends - clock.time()))


async def _read(caller: Caller, backends: Backends, position: int | None) -> Followed:
    async with backends.sessions.begin() as session:
        now = await proven(session, caller.proof)
        now.require_scope(TokenScope.events_read)
        if position is None:
            newest = await events.latest_id(session, now.account_id)
            return Followed(now, Batch([], newest, is_full=False))
        return Followed(now, await stream.read(session, now.viewer, position))


async def _woken(wake: asyncio.Event, stopping: asyncio.Event, seconds: float) -> None:
    waits = {asyncio.create_task(wake.wait()), asyncio.create_task(stopping.wait())}
    try:
        await asyncio.wait(waits, timeout=max(seconds, 0), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
