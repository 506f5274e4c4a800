"""Following an account's events: what was missed first, then what happens."""

import asyncio
import random
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager, suppress
from contextvars import Context
from typing import Any, TypeVar

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import stream
from runtime.tasks import end, keep_running
from services.caller import Caller
from services.following.followers import (
    Follower,
    Followers,
    Key,
    Part,
    PartKind,
    Presenter,
    Wanted,
)
from services.following.reader import AccountReader
from services.proving import Proven, proven_now

LONGEST_SECONDS = 600.0
SHORTEST_OF_LONGEST = 0.9
"""Streams that began together do not end together. Ours."""
BEAT_SECONDS = 5.0

T = TypeVar("T")


class Following:
    """The readers of all accounts that are followed in this process."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        """Those of streams alone: what happens reaches pages while all others wait for one."""
        self._readers: dict[str, AccountReader] = {}
        self._reading: dict[str, asyncio.Task[None]] = {}
        self._is_stopping = False

    def wake(self, account_id: str) -> None:
        """Read what is new of an account, if it is followed."""
        if reader := self._readers.get(account_id):
            reader.wake()

    def wake_all(self) -> None:
        """Read what is new: notifications may have been lost."""
        for reader in self._readers.values():
            reader.look_at_rights()

    def look_at_rights(self, account_id: str) -> None:
        """Prove an account's callers again."""
        if reader := self._readers.get(account_id):
            reader.look_at_rights()

    def tell(self, account_id: str, key: Key, presenter: Presenter[T], items: Sequence[T]) -> None:
        """Send something that is no event to the streams that a presenter serves and a key finds:
        `("agent", id)` or `("conversation", id)`, the latter whether or not they may see it.

        It moves no position, and a stream that is just beginning misses it.
        """
        if reader := self._readers.get(account_id):
            reader.tell(key, presenter, items)

    def pages(self, account_id: str, key: Key) -> Sequence[Follower[Any]]:
        """Return the open pages that a key finds, whether or not they may see what it names."""
        reader = self._readers.get(account_id)
        return [one for one in reader.of(key) if one.wanted.is_page] if reader else []

    def send(self, account_id: str, follower: Follower[T], items: Sequence[T]) -> None:
        """Send something that is no event to one stream. It moves no position."""
        if reader := self._readers.get(account_id):
            reader.send(follower, items)

    def every_page(self) -> Sequence[Follower[Any]]:
        """Return all open pages of this process."""
        every = (one for reader in self._readers.values() for one in reader.followers)
        return [one for one in every if one.wanted.is_page]

    def stop(self) -> None:
        """End all streams: the process is asked to end."""
        self._is_stopping = True
        for reader in self._readers.values():
            for follower in list(reader.followers):
                follower.end()

    async def close(self) -> None:
        """End all readers."""
        self.stop()
        await end(*self._reading.values())

    async def follow(
        self, caller: Caller, wanted: Wanted[T], position: int | None
    ) -> AsyncGenerator[Part[T]]:
        """Yield what a caller is told after a position, for ten minutes at most.

        Ends when the process is asked to end, when the database cannot be read, and when the
        caller's log-in, token or right ends.
        """
        with suppress(*NOT_DONE):
            reading = (await proven_now(self.sessions, [caller.proof])).get(caller.proof)
            newest = await stream.newest(self.sessions.direct, caller.account_id)
            follower = _begun(reading, wanted, newest if position is None else position)
            if follower is None or self._is_stopping:
                return
            with self._opened(follower, newest) as reader:
                async with aclosing(_parts(reader, follower, newest)) as parts:
                    async for part in parts:
                        yield part

    @contextmanager
    def _opened(self, follower: Follower[Any], newest: int) -> Iterator[AccountReader]:
        account_id = follower.reader.caller.account_id
        reader = self._readers.get(account_id)
        if reader is None:
            reader = self._readers[account_id] = AccountReader(account_id, self.sessions, newest)
            # It belongs to no request, whatever request began it.
            run = keep_running("events_reader", reader.run)
            self._reading[account_id] = asyncio.create_task(run, context=Context())
        reader.add(follower)
        try:
            yield reader
        finally:
            reader.remove(follower)
            if not any(True for _ in reader.followers):
                del self._readers[account_id]
                self._reading.pop(account_id).cancel()


def _begun(reader: Proven | None, wanted: Wanted[T], position: int) -> Follower[T] | None:
    if reader is None:
        return None
    follower = Follower(reader, wanted, position)
    return follower if follower.is_allowed(reader) else None


async def _parts(
    reader: AccountReader, follower: Follower[T], newest: int
) -> AsyncGenerator[Part[T]]:
    clock = asyncio.get_running_loop()
    spread = random.uniform(SHORTEST_OF_LONGEST, 1)  # noqa: S311 # nothing secret
    ends = clock.time() + LONGEST_SECONDS * spread
    if follower.position > newest:
        follower.position = newest
        yield Part(PartKind.reload, newest)
    while not follower.is_over and clock.time() < ends:
        part: Part[T] | None
        if follower.parts:
            part = follower.parts.popleft()
        elif not follower.is_live:
            part = await _missed(reader, follower)
        else:
            silence = follower.wanted.beat_seconds or BEAT_SECONDS
            part = await _woken(reader, follower, min(silence, ends - clock.time()))
        if part is None or follower.is_over:
            continue
        if part.position is not None:
            follower.position = part.position
        yield part


async def _missed(reader: AccountReader, follower: Follower[T]) -> Part[T]:
    """Return the next part of what a stream missed, or make it live. Raises `NOT_DONE`."""
    if await reader.join(follower):
        return Part(PartKind.live, follower.position, at=await reader.sessions.clock.now())
    most = follower.wanted.most_missed
    if most is not None and await reader.has_more(follower.position, most):
        return Part(PartKind.reload, reader.position)
    batch = await reader.read(follower.position)
    alone: Followers[T] = Followers()
    alone.add(follower)
    told = await reader.told(batch, alone)
    items = told.get(follower, ())
    kind = PartKind.news if items else PartKind.moved
    return Part(kind, batch.last_id, items, await reader.sessions.clock.now())


async def _woken(reader: AccountReader, follower: Follower[T], seconds: float) -> Part[T] | None:
    """Wait for news; returns the beat that is due without any, while silence means none."""
    follower.wake.clear()
    try:
        async with asyncio.timeout(max(seconds, 0)):
            await follower.wake.wait()
    except TimeoutError:
        return await _beat(reader, follower)
    return None


async def _beat(reader: AccountReader, follower: Follower[T]) -> Part[T] | None:
    if not reader.is_current:
        return Part(PartKind.silence, follower.position)
    presenter = follower.wanted.presenter
    items = await presenter.beat(reader.sessions, follower, reader.queue_version)
    if follower.parts or not follower.is_live:
        # Something happened meanwhile, which goes before any later position.
        return Part(PartKind.news, None, items) if items else None
    return Part(PartKind.beat, reader.position, items, await reader.sessions.clock.now())
