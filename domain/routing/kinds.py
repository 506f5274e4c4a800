"""How agents get conversations, and what the router decides."""

from enum import StrEnum


class CapacityMode(StrEnum):
    """How an agent's load is counted; see `domain.load`."""

    plain = "plain"
    weighted = "weighted"


class AcceptMode(StrEnum):
    auto_accept = "auto_accept"
    ring = "ring"


class FallbackWhen(StrEnum):
    """When a skill's fallback takes new conversations."""

    nobody_logged_in = "nobody_logged_in"
    nobody_online = "nobody_online"


class DecisionKind(StrEnum):
    """What a routing decision was about."""

    skill = "skill"
    fallback = "fallback"
    assigned = "assigned"
    offered = "offered"
    picked = "picked"
    waiting = "waiting"
