"""Links by which a provider fetches one file, for a short time, without a log-in."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

VALID_FOR = timedelta(hours=4)
"""Providers keep a text in their queue for up to four hours before they send it."""


@dataclass(frozen=True)
class FileLinks:
    """Makes and checks links. The first key signs, all of them are accepted."""

    public_base_url: str
    keys: tuple[bytes, ...] = field(repr=False)

    def link(self, file_id: UUID, now: datetime) -> str:
        """Return the address of a file, good from now on for `VALID_FOR`."""
        expires = int((now + VALID_FOR).timestamp())
        signature = _signature(self.keys[0], file_id, expires)
        return f"{self.public_base_url}/files/{file_id}/{expires}/{signature}"

    def is_good(self, file_id: UUID, expires: int, signature: str, now: datetime) -> bool:
        """Say whether we made this link, for this file, and it has not expired."""
        given = signature.encode()
        signed = (_signature(key, file_id, expires).encode() for key in self.keys)
        is_ours = any(hmac.compare_digest(given, one) for one in signed)
        return is_ours and now.timestamp() <= expires


def _signature(key: bytes, file_id: UUID, expires: int) -> str:
    return hmac.new(key, f"{file_id}/{expires}".encode(), sha256).hexdigest()
