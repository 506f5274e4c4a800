"""What has to hold before the first text to a consumer who did not ask for it.

An agent's opening, a notification and a batch ask the same.
"""

from dataclasses import dataclass
from uuid import UUID

from domain.errors import ConsentMissing, ConsumerBlocked, ConsumerOptedOut, DomainError


@dataclass(frozen=True)
class Standing:
    """What is known of a consumer's wish for texts of a line. `is_new`: no conversation yet."""

    consumer_id: UUID
    is_opted_out: bool
    is_blocked: bool
    has_consented: bool
    is_new: bool


def barred(standing: Standing, *, needs_consent: bool) -> type[DomainError] | None:
    """Return what refuses a text to this consumer; None: nothing does."""
    if standing.is_opted_out:
        return ConsumerOptedOut
    if standing.is_blocked:
        return ConsumerBlocked
    if needs_consent and not standing.has_consented:
        return ConsentMissing
    return None
