"""An agent's load, and how many further conversations fit (docs/routing.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor
from typing import assert_never

from domain.conversation.kinds import PendingSide
from domain.routing.kinds import CapacityMode

FULL_WEIGHT = 1.0
TOLERANCE = 0.5
"""In weighted mode the load may exceed the maximum by this much. By design (docs/routing.md): up to
five idle conversations of weight 0.1 do not cost the agent a slot.
"""
WARM_UP_STEP = timedelta(seconds=90)
"""After log-in an agent may take one more conversation at each step. Ours: about the time that the
first reading and reply of a conversation take.
"""
IDLE_AFTER = timedelta(minutes=4)
IDLE_WEIGHT = 0.1
"""By design (docs/behaviour.md), unless a skill sets other values: a conversation whose consumer
has been silent for `IDLE_AFTER` weighs `IDLE_WEIGHT`.
"""


@dataclass(frozen=True)
class HeldConversation:
    """A conversation an agent holds. `idle_after` and `idle_weight` are its skill's."""

    pending_side: PendingSide
    consumer_texted_at: datetime | None = None
    idle_after: timedelta = IDLE_AFTER
    idle_weight: float = IDLE_WEIGHT


def idle_after(seconds: int | None) -> timedelta:
    """Return the silence after which a consumer is idle. `seconds`: the skill's setting, if any."""
    return IDLE_AFTER if seconds is None else timedelta(seconds=seconds)


def weight(held: HeldConversation, now: datetime) -> float:
    """Return the weight of a conversation: 1, or less when its consumer is to write and is idle.

    A consumer who has never written is idle from the start.
    """
    if held.pending_side is PendingSide.agent:
        return FULL_WEIGHT
    texted = held.consumer_texted_at
    is_idle = texted is None or now >= texted + held.idle_after
    return held.idle_weight if is_idle else FULL_WEIGHT


def weighted(held: Iterable[HeldConversation], now: datetime) -> float:
    """Return the summed weight of conversations, rounded to undo the error of adding fractions."""
    return round(sum(weight(conversation, now) for conversation in held), 6)


def free_slots(load: float, capacity: int, mode: CapacityMode) -> int:
    """Return how many further conversations fit."""
    match mode:
        case CapacityMode.plain:
            return max(ceil(capacity - load), 0)
        case CapacityMode.weighted:
            return max(floor(capacity + TOLERANCE - load), 0) if capacity else 0
        case _:
            assert_never(mode)


def warmed_up(capacity: int, online_since: datetime | None, now: datetime) -> int:
    """Return the capacity while warming up: one at log-in, and one more every 90 seconds."""
    if online_since is None:
        return capacity
    return max(0, min(capacity, 1 + (now - online_since) // WARM_UP_STEP))
