"""Reads the events of one account once, for all its streams in this process.

What does not concern a stream costs it nothing. Rights are those of now: callers are proven again
before they are told of anything, and all of them every two seconds.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import stream
from database.queries.stream import QUEUE_KINDS, Batch
from database.tables import Event
from services.caller import Proof
from services.following.concerns import concerns
from services.following.followers import Follower, Followers, Key, Part, PartKind, Presenter
from services.following.gathering import rest_after
from services.proving import Proven, proven_now

POLL_SECONDS = 2.0
"""Finds what no notification announced, as after a lost connection or behind some poolers."""
RIGHTS_SECONDS = 2.0
"""How often at least all callers are proven again. A stream ends within five seconds. Ours."""
RETRY_SECONDS = 0.5
CURRENT_SECONDS = 10.0
PART_EVENTS = 200

Told = Mapping[Follower[Any], Sequence[Any]]

log = structlog.stdlib.get_logger()


class AccountReader:
    """The one reader of an account's events. `position`: all events up to it were handed over."""

    def __init__(self, account_id: str, sessions: Sessions, position: int) -> None:
        self.account_id = account_id
        self.position = position
        self.queue_version = time.monotonic_ns()
        """Another one whenever something may have entered or left the queue."""
        self._open: dict[Proof, set[Follower[Any]]] = defaultdict(set)
        """All streams by what proves their readers, also those that still read what they missed."""
        self._live: Followers[Any] = Followers()
        self.sessions = sessions
        self._between = asyncio.Lock()
        self._woken = asyncio.Event()
        self._rights_are_due = False
        self._proven_at = self._read_at = asyncio.get_running_loop().time()

    @property
    def is_current(self) -> bool:
        """Say whether the database answered lately, so that silence means that there is no news."""
        return asyncio.get_running_loop().time() - self._read_at < CURRENT_SECONDS

    @property
    def followers(self) -> Iterator[Follower[Any]]:
        return chain.from_iterable(self._open.values())

    def add(self, follower: Follower[Any]) -> None:
        """Keep a stream's rights up to date from now on."""
        self._open[follower.reader.caller.proof].add(follower)

    def remove(self, follower: Follower[Any]) -> None:
        """Forget a stream."""
        self.leave(follower)
        proof = follower.reader.caller.proof
        self._open[proof].discard(follower)
        if not self._open[proof]:
            del self._open[proof]

    def wake(self) -> None:
        self._woken.set()

    def look_at_rights(self) -> None:
        self._rights_are_due = True
        self._woken.set()

    async def run(self) -> None:
        """Read until cancelled."""
        while True:
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
            began = time.monotonic()
            try:
                await self.turn()
            except NOT_DONE as error:
                log.warning("events_not_read", error=type(error).__name__)
                self._woken.set()
                await asyncio.sleep(RETRY_SECONDS)
            await asyncio.sleep(rest_after(time.monotonic() - began))

    async def turn(self) -> None:
        """Hand over what is new, and end the streams of those who may not follow any more."""
        await self._look_at_rights()
        is_full = True
        while is_full:
            async with self._between:
                batch = await self.read(self.position)
                self._read_at = asyncio.get_running_loop().time()
                self._note(batch)
                told = await self.told(batch, self._live)
                is_full = batch.is_full
                self._hand_over(told, batch.last_id)
        if not batch.events:
            await self._look_for_rewind()

    async def read(self, after: int) -> Batch:
        """Return the account's next events. Raises `NOT_DONE`."""
        return await stream.read(self.sessions.direct, self.account_id, after, limit=PART_EVENTS)

    async def has_more(self, after: int, most: int) -> bool:
        """Say whether the account has more events after an id than `most`. Raises `NOT_DONE`."""
        counted = await stream.gap(self.sessions.direct, self.account_id, after, most=most + 1)
        return counted > most

    async def told(self, batch: Batch, followers: Followers[Any]) -> Told:
        """Return what streams are told of a batch. Raises `NOT_DONE`."""
        near: dict[Follower[Any], list[Event]] = defaultdict(list)
        for event in batch.events:
            for follower in followers.near(event, batch.place(event)):
                if event.id > follower.position:
                    near[follower].append(event)
        await self._prove({follower.reader.caller.proof for follower in near})
        told: dict[Follower[Any], Sequence[Any]] = {}
        for presenter, concerned in _concerned(batch, near).items():
            told |= await self._presented(presenter, batch, concerned)
        return told

    async def _presented(
        self,
        presenter: Presenter[Any],
        batch: Batch,
        concerned: Mapping[Follower[Any], Sequence[Event]],
    ) -> Told:
        try:
            return await presenter.present(self.sessions, batch, concerned)
        except NOT_DONE:
            raise
        except Exception as error:
            # One event that cannot be shown must not stop the streams for good.
            log.error("events_not_presented", error=type(error).__name__)
            for follower in concerned:
                self._put(follower, Part(PartKind.reload, batch.last_id))
            return {}

    async def join(self, follower: Follower[Any]) -> bool:
        """Make a stream live, unless it has missed events that were handed over meanwhile."""
        async with self._between:
            if follower.position < self.position:
                return False
            follower.is_live = True
            self._live.add(follower)
            return True

    def tell(self, key: Key, presenter: Presenter[Any], items: Sequence[Any]) -> None:
        """Hand something over that is no event, to the streams of a kind that a key finds."""
        for follower in self._live.of(key):
            if follower.wanted.presenter is presenter:
                self._put(follower, Part(PartKind.news, None, items))

    def of(self, key: Key) -> Sequence[Follower[Any]]:
        """Return the live streams that a key finds."""
        return self._live.of(key)

    def send(self, follower: Follower[Any], items: Sequence[Any]) -> None:
        """Hand something over that is no event, to one stream."""
        if follower.is_live:
            self._put(follower, Part(PartKind.news, None, items))

    def leave(self, follower: Follower[Any]) -> None:
        """Hand nothing over to a stream any more."""
        follower.is_live = False
        self._live.discard(follower)

    def _hand_over(self, told: Told, position: int) -> None:
        """Hand a batch over in one go: whoever has nothing waiting is then at this position."""
        for follower, items in told.items():
            if follower.is_live and items:
                self._put(follower, Part(PartKind.news, position, items))
        self.position = position

    def _note(self, batch: Batch) -> None:
        if any(event.kind in QUEUE_KINDS for event in batch.events):
            self.queue_version += 1

    def _put(self, follower: Follower[Any], part: Part[Any]) -> None:
        if not follower.put(part):
            log.info("stream_fell_behind")
            self.leave(follower)

    async def _look_for_rewind(self) -> None:
        """Tell all streams if the database was restored to an earlier time.

        Waiting for ids to come back to this position would skip all events until then.
        """
        async with self._between:
            newest = await stream.newest(self.sessions.direct, self.account_id)
            if newest >= self.position:
                return
            self.position = newest
            for follower in list(self.followers):
                follower.position = newest
                self._put(follower, Part(PartKind.reload, newest))

    async def _look_at_rights(self) -> None:
        now = asyncio.get_running_loop().time()
        if not self._rights_are_due and now - self._proven_at < RIGHTS_SECONDS:
            return
        self._rights_are_due, self._proven_at = False, now
        await self._prove(list(self._open))

    async def _prove(self, proofs: Collection[Proof]) -> None:
        """Give streams their readers' present rights, and end those that have none."""
        if not proofs:
            return
        now = await proven_now(self.sessions, proofs)
        for proof in proofs:
            for follower in list(self._open.get(proof, ())):
                if now.get(proof) != follower.reader:
                    self._change(follower, now.get(proof))

    def _change(self, follower: Follower[Any], now: Proven | None) -> None:
        if now is None or not follower.is_allowed(now):
            self.leave(follower)
            follower.end()
            return
        self._live.discard(follower)
        follower.reader = now
        if follower.is_live:
            self._live.add(follower)
        if follower.wanted.is_page:
            self._put(follower, Part(PartKind.reload, None))


def _concerned(
    batch: Batch, near: Mapping[Follower[Any], Sequence[Event]]
) -> Mapping[Presenter[Any], Mapping[Follower[Any], Sequence[Event]]]:
    """Return the events that really concern streams, by what presents them."""
    found: dict[Presenter[Any], dict[Follower[Any], Sequence[Event]]] = defaultdict(dict)
    for follower, events in near.items():
        wanted = follower.wanted
        theirs = [
            event
            for event in events
            if concerns(event, batch.place(event), follower.reader, wanted.interest)
        ]
        if theirs and not follower.is_over:
            found[wanted.presenter][follower] = theirs
    return found
