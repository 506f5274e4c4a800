"""Why a recipient gets no text: the rules of `domain.consent.gates`, counted by reason."""

from domain.batches.kinds import LeftOut
from domain.consent.gates import Standing, barred
from domain.errors import ConsentMissing, ConsumerBlocked, ConsumerOptedOut, DomainError

REASONS: dict[type[DomainError], LeftOut] = {
    ConsumerOptedOut: LeftOut.opted_out,
    ConsumerBlocked: LeftOut.blocked,
    ConsentMissing: LeftOut.no_consent,
}


def left_out_because(standing: Standing, *, needs_consent: bool) -> LeftOut | None:
    """Return why a recipient is left out; None: nothing is against their text."""
    refusal = barred(standing, needs_consent=needs_consent)
    return REASONS[refusal] if refusal else None
