"""Tells a Temporal that does not know or does not allow what it is asked from one that is away."""

from temporalio.service import RPCError, RPCStatusCode

MISUNDERSTOOD = frozenset({RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.UNIMPLEMENTED})
"""How an older server answers what only later ones know, as a search attribute or a call."""
FORBIDDEN = frozenset({RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED})


def is_misunderstood(error: BaseException | None) -> bool:
    """Say whether Temporal answered that it does not know what it was asked."""
    return isinstance(error, RPCError) and error.status in MISUNDERSTOOD


def is_forbidden(error: BaseException | None) -> bool:
    """Say whether Temporal answered that it does not allow what it was asked."""
    return isinstance(error, RPCError) and error.status in FORBIDDEN
