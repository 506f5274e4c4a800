"""Modes in which agents get conversations, and kinds of routing decisions."""

from enum import StrEnum


class CapacityMode(StrEnum):
    """How an agent's load is counted; see `domain.routing.load`."""

    plain = "plain"
    weighted = "weighted"


class AcceptMode(StrEnum):
    auto_accept = "auto_accept"
    ring = "ring"


class FallbackWhen(StrEnum):
    """When a skill's fallback skill takes its new conversations."""

    nobody_logged_in = "nobody_logged_in"
    nobody_online = "nobody_online"


class DecisionKind(StrEnum):
    """The matter of a routing decision."""

    skill = "skill"
    fallback = "fallback"
    assigned = "assigned"
    offered = "offered"
    picked = "picked"
    waiting = "waiting"
