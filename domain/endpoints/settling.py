"""What follows from a round of posts: which events wait for how long, how the endpoint does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from domain.endpoints.kinds import DeliveryState, PauseReason
from domain.endpoints.outcomes import PostOutcome
from domain.endpoints.planning import Plan, Waiting
from domain.endpoints.retries import (
    DOWN_AFTER,
    HOPELESS_AFTER,
    LONGEST_PAUSE,
    MOST_TRIES,
    THROTTLED_PAUSE,
    pause_after,
    trial_pause,
)


@dataclass(frozen=True)
class Health:
    """How an endpoint does. `failures`: in a row; `failing_since`: when it took nothing any more.

    `hold_until`: nothing is posted before.
    """

    failures: int = 0
    failing_since: datetime | None = None
    hold_until: datetime | None = None

    @property
    def is_down(self) -> bool:
        return self.failures >= DOWN_AFTER


@dataclass(frozen=True)
class Tried:
    """An attempt at an event. `retry_after`: seconds that the receiver asked to wait."""

    outcome: PostOutcome
    retry_after: float | None = None

    @property
    def is_taken(self) -> bool:
        return self.outcome is PostOutcome.taken

    @property
    def is_gone(self) -> bool:
        """Say whether the receiver wants no more events at all."""
        return self.outcome is PostOutcome.gone

    @property
    def asks_to_wait(self) -> bool:
        """Say whether the receiver wants a pause: the event itself may be in order."""
        return self.outcome is PostOutcome.throttled or (
            self.outcome is PostOutcome.failed and self.retry_after is not None
        )


@dataclass(frozen=True)
class Kept:
    """What is kept of an event that was not taken."""

    event_id: int
    lane: str
    tries: int
    due_at: datetime
    state: DeliveryState = DeliveryState.waiting
    tried_at: datetime | None = None
    outcome: PostOutcome | None = None


@dataclass(frozen=True)
class Settled:
    """What a round leads to. `done`: events that were taken."""

    done: Sequence[int]
    kept: Sequence[Kept]
    health: Health
    pause: PauseReason | None

    @property
    def given_up(self) -> int:
        return sum(one.state is DeliveryState.given_up for one in self.kept)


def settle(
    plan: Plan,
    tried: Mapping[int, Tried],
    waiting: Sequence[Waiting],
    before: Health,
    now: datetime,
) -> Settled:
    """Settle a round. `tried`: in the order in which the attempts ended."""
    known = {one.event_id: one for one in waiting}
    kept = [Kept(one.event_id, one.lane, 0, now) for one in plan.held]
    for lane in plan.lanes:
        for event_id in lane.event_ids:
            attempt = tried.get(event_id)
            if attempt is None:
                if event_id not in known:
                    kept.append(Kept(event_id, lane.key, 0, now))
            elif not attempt.is_taken:
                tries = known[event_id].tries if event_id in known else 0
                kept.append(_failed(event_id, lane.key, tries, attempt, before, now))
    health = _health(list(tried.values()), before, now)
    done = [event_id for event_id, attempt in tried.items() if attempt.is_taken]
    return Settled(done, kept, health, _pause(tried, health, now))


def _failed(
    event_id: int, lane: str, tries: int, attempt: Tried, before: Health, now: datetime
) -> Kept:
    state, due_at = DeliveryState.waiting, now
    if not before.is_down and attempt.outcome is not PostOutcome.throttled:
        tries += 1
        due_at = now + max(pause_after(tries, event_id), _asked(attempt))
    if tries >= MOST_TRIES:
        state = DeliveryState.given_up
    return Kept(event_id, lane, tries, due_at, state, now, attempt.outcome)


def _asked(attempt: Tried) -> timedelta:
    return min(timedelta(seconds=attempt.retry_after or 0), LONGEST_PAUSE)


def _health(attempts: Sequence[Tried], before: Health, now: datetime) -> Health:
    if not attempts:
        return before
    took_any = any(one.is_taken for one in attempts)
    latest = len(list(takewhile(lambda one: not one.is_taken, reversed(attempts))))
    failures = latest + (0 if took_any else before.failures)
    since = None if took_any else before.failing_since
    health = Health(failures, (since or now) if failures else None)
    holds = [max(_asked(one), THROTTLED_PAUSE) for one in attempts if one.asks_to_wait]
    if health.is_down:
        holds.append(trial_pause(failures))
    return Health(failures, health.failing_since, now + max(holds) if holds else None)


def _pause(tried: Mapping[int, Tried], health: Health, now: datetime) -> PauseReason | None:
    if any(one.is_gone for one in tried.values()):
        return PauseReason.gone
    since = health.failing_since
    if since is not None and health.is_down and now - since >= HOPELESS_AFTER:
        return PauseReason.failing
    return None
