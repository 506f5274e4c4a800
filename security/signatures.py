"""Signatures of this installation, which outlast a change of its keys."""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256


@dataclass(frozen=True)
class Signatures:
    """The first key signs; what any of them signed is ours."""

    keys: tuple[bytes, ...] = field(repr=False)

    def sign(self, what: bytes) -> str:
        """Return a signature, in hexadecimal digits."""
        return _signature(self.keys[0], what)

    def former(self, what: bytes) -> tuple[str, ...]:
        """Return what the other keys make of it: one of them may have signed it before."""
        return tuple(_signature(key, what) for key in self.keys[1:])

    def is_ours(self, what: bytes, signature: str) -> bool:
        """Say whether one of our keys made a signature."""
        given = signature.encode()
        made = (_signature(key, what).encode() for key in self.keys)
        return any(hmac.compare_digest(given, one) for one in made)


def _signature(key: bytes, what: bytes) -> str:
    return hmac.new(key, what, sha256).hexdigest()
