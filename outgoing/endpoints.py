"""Posts an account's events to one endpoint: round after round, until nothing is left to do.

All that is remembered is in the database, and is written after each round. A worker that dies in
between has posted the events of one round, which are posted again under the same ids.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import structlog

from database.engine import Sessions
from database.queries import endpoint_events, endpoint_runs
from database.queries.endpoint_events import Told
from database.queries.endpoint_runs import Attempt, Found, Turn
from database.tables import Endpoint, Event
from domain.conversation.kinds import EventKind
from domain.endpoints.kinds import PauseReason
from domain.endpoints.planning import Lane, Plan, next_due, plan, plan_trial
from domain.endpoints.retries import is_due
from domain.endpoints.settling import Health, Settled, Tried, settle
from measuring.meters import Meters
from outgoing.event_posts import PING, body_of, ping_body, webhook_id
from outgoing.signed_posts import PostResult, SignedPost, SignedPosts
from security.endpoint_secrets import SigningSecrets
from security.export_links import ExportLinks
from security.secrets import SecretUnreadable

ANSWER_SECONDS = 15.0
"""Of one post. Standard Webhooks suggests 15 to 30 s."""
ANSWER_KEPT = 300
"""Bytes of an answer that are kept for administrators. Ours: enough for an error's sentence."""
POSTS_AT_ONCE = 8
"""To one endpoint. Ours: what a small web server takes."""
ROUND_SECONDS = 10.0
"""After this time a round begins no more posts and is written down. Ours."""
AFTER_WAKE = 0.05
"""Seconds. Ours: events of one step come together."""
AT_ONCE_MOST = 100
"""Runs of one worker. Ours: of endpoints that are busy; the idle ones need none."""

log = structlog.stdlib.get_logger()


class Wakes(Protocol):
    """Sets an event whenever an account may have news: `outgoing.endpoint_wakes.Wakes`."""

    def following(self, account_id: str) -> AbstractContextManager[asyncio.Event]: ...


@dataclass(frozen=True)
class Pace:
    """Seconds: how long one run may last, and how long it waits for more events before it ends.

    `crowd`: from this many runs at once on, none waits or goes on after its round, because others
    may be waiting for their turn.
    """

    run: float = 120.0
    linger: float = 10.0
    crowd: int = AT_ONCE_MOST * 3 // 4


@dataclass(frozen=True)
class Ended:
    """How a run ended. `pause`: after which to look again; None: when woken."""

    is_retired: bool = False
    pause: timedelta | None = None


AT_ONCE = Ended(pause=timedelta(0))


@dataclass
class _Run:
    """A run in progress. `lingers_until`: it ends then, if it has nothing more to post."""

    turn: Turn
    wake: asyncio.Event
    lingers_until: float


@dataclass
class _Round:
    """A round in progress. `tried`: in the order in which the attempts ended."""

    endpoint: Endpoint
    secrets: Sequence[str]
    told: Mapping[int, Told]
    health: Health
    tried: dict[int, Tried] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    failures: int = 0
    is_over: bool = False

    def note(self, event_id: int, attempt: Attempt, tried: Tried) -> None:
        self.tried[event_id] = tried
        self.attempts.append(attempt)
        self.failures = 0 if tried.is_taken else self.failures + 1
        down = Health(self.health.failures + self.failures).is_down
        self.is_over = self.is_over or down or tried.asks_to_wait or tried.is_gone


@dataclass(frozen=True)
class Endpoints:
    """Posts events to endpoints. One of these serves all of a worker."""

    sessions: Sessions
    posts: SignedPosts
    secrets: SigningSecrets
    wakes: Wakes
    pace: Pace = field(default_factory=Pace)
    links: ExportLinks | None = None
    """What makes links to exports; without it, none is told."""
    meters: Meters = field(default_factory=Meters, repr=False)
    _running: list[str] = field(default_factory=list, init=False, repr=False)

    async def run(self, endpoint_id: str, is_stopping: Callable[[], bool]) -> Ended:
        """Post what there is to post, and what comes in the meantime.

        Raises the errors of the database; what was posted since the last round is posted again.
        """
        self._running.append(endpoint_id)
        try:
            return await self._run(endpoint_id, is_stopping)
        finally:
            self._running.remove(endpoint_id)

    async def _run(self, endpoint_id: str, is_stopping: Callable[[], bool]) -> Ended:
        async with self.sessions.begin() as session:
            turn = await endpoint_runs.begin(session, endpoint_id)
        if turn is None:
            return Ended(is_retired=True)
        clock = asyncio.get_running_loop()
        ends = clock.time() + self.pace.run
        with self.wakes.following(turn.endpoint.account_id) as wake:
            run = _Run(turn, wake, clock.time() + self.pace.linger)
            while not is_stopping() and clock.time() < ends:
                wake.clear()
                ended = await self._round(run)
                if ended is not None:
                    return ended
                if self._is_crowded:
                    break
        return AT_ONCE

    @property
    def _is_crowded(self) -> bool:
        return len(self._running) >= self.pace.crowd

    async def _round(self, run: _Run) -> Ended | None:
        """Do one round; returns how the run ends, None if it goes on."""
        async with self.sessions.begin() as session:
            now = await endpoint_runs.still(session, run.turn)
        if now is None:
            return AT_ONCE  # somebody has changed the endpoint: begin again
        try:
            secrets = self._secrets(now)
        except SecretUnreadable:
            return await self._pause(now, PauseReason.secret_unreadable)
        if now.endpoint.ping_id is not None:
            await self._ping(now, secrets)
            return None
        if now.endpoint.paused_at is not None:
            return await self._rest(now, None)
        if (hold := now.health.hold_until) and not is_due(hold, now.now):
            return await self._rest(now, hold - now.now)
        return await self._deliver(now, secrets, run)

    async def _deliver(self, turn: Turn, secrets: Sequence[str], run: _Run) -> Ended | None:
        async with self.sessions.begin() as session:
            found = await endpoint_runs.find(session, turn.endpoint)
            planned = _plan(turn, found)
            told = await endpoint_events.told(
                session,
                turn.endpoint.account_id,
                planned.event_ids,
                with_texts=turn.endpoint.includes_texts,
            )
        if not planned.lanes and not planned.held and planned.read_to == turn.endpoint.read_to:
            return await self._idle(turn, found, run)
        if planned.lanes:
            run.lingers_until = asyncio.get_running_loop().time() + self.pace.linger
        this = _Round(turn.endpoint, secrets, told, turn.health)
        await self._post_all(this, planned.lanes)
        settled = settle(planned, this.tried, found.waiting, turn.health, turn.now)
        return await self._commit(turn, planned, this, settled)

    async def _post_all(self, this: _Round, lanes: Sequence[Lane]) -> None:
        """Post lanes beside each other, until all is posted or the round is over."""
        waiting, ends = iter(lanes), asyncio.get_running_loop().time() + ROUND_SECONDS

        async def work() -> None:
            for lane in waiting:
                for event_id in lane.event_ids:
                    if this.is_over or asyncio.get_running_loop().time() > ends:
                        return
                    if not await self._post(this, event_id):
                        break

        async with asyncio.TaskGroup() as tasks:
            for _ in range(min(POSTS_AT_ONCE, len(lanes))):
                tasks.create_task(work())

    async def _post(self, this: _Round, event_id: int) -> bool:
        """Post one event; returns whether the next of its lane may follow."""
        told = this.told.get(event_id)
        if told is None:  # erased meanwhile
            return True
        endpoint, event = this.endpoint, told.event
        more = self._link(endpoint, event)
        body = body_of(told, with_texts=endpoint.includes_texts, more=more)
        named = webhook_id(endpoint.id, event)
        at, result = await self._send(endpoint, named, body, this.secrets)
        tried = Tried(result.outcome, result.retry_after)
        of = (event.id, event.kind, event.conversation_id, named)
        this.note(event_id, _attempt(*of, at=at, result=result), tried)
        return tried.is_taken

    def _link(self, endpoint: Endpoint, event: Event) -> Mapping[str, str] | None:
        """Return the link to an export for the endpoint that it was made for.

        It is nowhere else: whoever has it needs no log-in.
        """
        is_its = event.kind == EventKind.export_ready and event.data.get("endpoint") == endpoint.id
        if self.links is None or not is_its or not event.data.get("expires_at"):
            return None
        until = datetime.fromisoformat(event.data["expires_at"])
        return {"url": self.links.link(UUID(event.data["export_id"]), until)}

    async def _send(
        self, endpoint: Endpoint, named: str, body: bytes, secrets: Sequence[str]
    ) -> tuple[datetime, PostResult]:
        at = await self.sessions.clock.now()
        post = SignedPost(endpoint.url, named, body, secrets)
        result = await self.posts.post(post, at=at, seconds=ANSWER_SECONDS, keep=ANSWER_KEPT)
        self.meters.posted(result.outcome.value, result.milliseconds / 1000)
        return at, result

    async def _commit(
        self, turn: Turn, planned: Plan, this: _Round, settled: Settled
    ) -> Ended | None:
        erased = [event_id for event_id in planned.event_ids if event_id not in this.told]
        async with self.sessions.begin() as session:
            await endpoint_runs.log(session, turn.endpoint, this.attempts)
            if erased:
                await endpoint_runs.drop(session, turn, erased)
            is_ours = await endpoint_runs.commit(session, turn, planned.read_to, settled)
        if not is_ours:
            return AT_ONCE
        _tell(turn, settled)
        return None

    async def _ping(self, turn: Turn, secrets: Sequence[str]) -> None:
        """Make the test that somebody asked for."""
        named, now = f"ping_{turn.endpoint.ping_id}", await self.sessions.clock.now()
        body = ping_body(turn.endpoint.account_id, now)
        at, result = await self._send(turn.endpoint, named, body, secrets)
        async with self.sessions.begin() as session:
            attempt = _attempt(None, PING, None, named, at=at, result=result)
            await endpoint_runs.log(session, turn.endpoint, [attempt])
            await endpoint_runs.pinged(session, turn)

    async def _idle(self, turn: Turn, found: Found, run: _Run) -> Ended | None:
        """Wait a moment for more events, and otherwise end the run."""
        due = next_due(found.waiting)
        pause = None if due is None else max(due - turn.now, timedelta(0))
        lingers = max(run.lingers_until - asyncio.get_running_loop().time(), 0.0)
        if self._is_crowded:
            lingers = 0.0
        is_soon = pause is not None and pause.total_seconds() <= lingers
        try:
            async with asyncio.timeout(pause.total_seconds() if pause and is_soon else lingers):
                await run.wake.wait()
            await asyncio.sleep(AFTER_WAKE)
        except TimeoutError:
            if not is_soon:
                return await self._rest(turn, pause, looks_again=not found.is_full)
        return None

    async def _rest(
        self, turn: Turn, pause: timedelta | None, *, looks_again: bool = False
    ) -> Ended | None:
        """End the run, or go on if `looks_again` finds an event that came at the last moment."""
        async with self.sessions.begin() as session:
            if not await endpoint_runs.rest(session, turn, pause):
                return AT_ONCE
        if looks_again:
            async with self.sessions.begin() as session:
                if await endpoint_runs.take_back(session, turn):
                    return None
        return Ended(pause=pause)

    async def _pause(self, turn: Turn, reason: PauseReason) -> Ended | None:
        if turn.endpoint.paused_at is not None:
            return await self._rest(turn, None)
        settled = Settled((), (), turn.health, reason)
        async with self.sessions.begin() as session:
            is_ours = await endpoint_runs.commit(session, turn, turn.endpoint.read_to, settled)
        if is_ours:
            _tell(turn, settled)
        return None if is_ours else AT_ONCE

    def _secrets(self, turn: Turn) -> Sequence[str]:
        """Return the secrets in use, the newest first. Raises `SecretUnreadable`."""
        row = turn.endpoint
        sealed = [row.secret]
        if row.previous_secret and row.previous_until and row.previous_until > turn.now:
            sealed.append(row.previous_secret)
        return [self.secrets.unseal(one) for one in sealed]


def _plan(turn: Turn, found: Found) -> Plan:
    if turn.health.is_down:
        return plan_trial(found.waiting, found.unread, found.read_to)
    return plan(found.waiting, found.unread, found.read_to, turn.now)


def _attempt(
    event_id: int | None,
    kind: str,
    conversation_id: UUID | None,
    named: str,
    *,
    at: datetime,
    result: PostResult,
) -> Attempt:
    return Attempt(
        event_id=event_id,
        kind=kind,
        conversation_id=conversation_id,
        webhook_id=named,
        at=at,
        milliseconds=result.milliseconds,
        status=result.status,
        outcome=result.outcome.value,
        answer=result.body.decode(errors="replace").replace("\0", ""),
    )


def _tell(turn: Turn, settled: Settled) -> None:
    """Log what operators want to know: an endpoint went down or came back, or is paused."""
    endpoint, before, after = turn.endpoint.id, turn.health.is_down, settled.health.is_down
    if settled.pause is not None:
        log.warning("endpoint_paused", endpoint=endpoint, reason=settled.pause.value)
    elif after and not before:
        log.info("endpoint_down", endpoint=endpoint)
    elif before and not after:
        log.info("endpoint_back", endpoint=endpoint)
    if settled.given_up:
        log.warning("events_given_up", endpoint=endpoint, events=settled.given_up)
