"""What became of a post to a customer's program."""

from enum import StrEnum


class PostOutcome(StrEnum):
    """What became of a post. Only `taken` means that the receiver has it for certain."""

    taken = "taken"
    """Answered with 2xx."""
    gone = "gone"
    """410: the receiver wants no more (Standard Webhooks)."""
    throttled = "throttled"
    """429: too many posts."""
    refused = "refused"
    """Another 4xx, or a status that no receiver should answer with."""
    failed = "failed"
    """5xx."""
    redirected = "redirected"
    """3xx: a redirect is not followed, because a signed post is for its address alone."""
    too_slow = "too_slow"
    """Not answered whole by the deadline. The receiver may have it."""
    broken = "broken"
    """The connection ended, or the answer was not HTTP. The receiver may have it."""
    unreachable = "unreachable"
    """No such host, or nothing answers there."""
    no_tls = "no_tls"
    """No secure connection: often an expired certificate."""
    address_refused = "address_refused"
    """The address is not allowed, or its name leads into a network that is not."""


SENTENCES = {
    PostOutcome.taken: "The receiver took it.",
    PostOutcome.gone: "The receiver answered 410: it wants no more events.",
    PostOutcome.throttled: "The receiver answered 429: it wants fewer posts at a time.",
    PostOutcome.refused: "The receiver refused it.",
    PostOutcome.failed: "The receiver failed.",
    PostOutcome.redirected: "The receiver answered with a redirect, which is not followed.",
    PostOutcome.too_slow: "The receiver did not answer in time. It may have taken the event.",
    PostOutcome.broken: "The connection ended before the answer. The receiver may have taken it.",
    PostOutcome.unreachable: "Nothing answers at this address.",
    PostOutcome.no_tls: "No secure connection was possible. Is the receiver's certificate valid?",
    PostOutcome.address_refused: "The address leads into a private network, or is not allowed.",
}
"""For people who look at an endpoint's deliveries."""
