"""How busy an agent is, and whether they may take one conversation more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor
from typing import assert_never

from domain.conversation.kinds import PendingSide
from domain.routing.kinds import CapacityMode

FULL_WEIGHT = 1.0
TOLERANCE = 0.5
"""In weighted mode the maximum may be passed by this much, so that idle ones cost no place."""
WARM_UP_STEP = timedelta(seconds=90)
"""Ours: so long an agent who has just come has for each conversation before the next."""
IDLE_AFTER = timedelta(minutes=4)
IDLE_WEIGHT = 0.1
"""Ours, where a skill sets nothing else: a consumer who is silent for `IDLE_AFTER` weighs this."""


@dataclass(frozen=True)
class HeldConversation:
    """A conversation in an agent's hands. `idle_after` and `idle_weight` are its skill's."""

    pending_side: PendingSide
    consumer_texted_at: datetime | None = None
    idle_after: timedelta = IDLE_AFTER
    idle_weight: float = IDLE_WEIGHT


def idle_after(seconds: int | None) -> timedelta:
    """Return after how much silence a consumer is idle; None: no skill says it."""
    return IDLE_AFTER if seconds is None else timedelta(seconds=seconds)


def weight(held: HeldConversation, now: datetime) -> float:
    """Return what a conversation weighs: 1 until its consumer, who is to write, has fallen idle.

    A consumer who never wrote is idle from the start.
    """
    if held.pending_side is PendingSide.agent:
        return FULL_WEIGHT
    texted = held.consumer_texted_at
    is_idle = texted is None or now >= texted + held.idle_after
    return held.idle_weight if is_idle else FULL_WEIGHT


def weighted(held: Iterable[HeldConversation], now: datetime) -> float:
    """Return the weighted load of some conversations, without the dust of adding fractions."""
    return round(sum(weight(one, now) for one in held), 6)


def free_slots(load: float, capacity: int, mode: CapacityMode) -> int:
    """Return how many conversations more fit."""
    match mode:
        case CapacityMode.plain:
            return max(ceil(capacity - load), 0)
        case CapacityMode.weighted:
            return max(floor(capacity + TOLERANCE - load), 0) if capacity else 0
        case _:
            assert_never(mode)


def warmed_up(capacity: int, online_since: datetime | None, now: datetime) -> int:
    """Return the capacity an agent has so far: one at log-in, and one more every 90 s."""
    if online_since is None:
        return capacity
    return max(0, min(capacity, 1 + (now - online_since) // WARM_UP_STEP))
