"""Links by which an endpoint's owner downloads one export, until it expires, without a log-in."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID


@dataclass(frozen=True)
class ExportLinks:
    """Makes and checks links. The first key signs, all of them are accepted."""

    public_base_url: str
    keys: tuple[bytes, ...] = field(repr=False)

    def link(self, export_id: UUID, expires_at: datetime) -> str:
        """Return the address of an export's file, good until then."""
        expires = int(expires_at.timestamp())
        signature = _signature(self.keys[0], export_id, expires)
        return f"{self.public_base_url}/exported/{export_id}/{expires}/{signature}"

    def is_good(self, export_id: UUID, expires: int, signature: str, now: datetime) -> bool:
        """Say whether we made this link, for this export, and it has not expired."""
        given = signature.encode()
        signed = (_signature(key, export_id, expires).encode() for key in self.keys)
        is_ours = any(hmac.compare_digest(given, one) for one in signed)
        return is_ours and now.timestamp() <= expires


def _signature(key: bytes, export_id: UUID, expires: int) -> str:
    # The first word tells it from the signature of a file's link, which has the same keys.
    return hmac.new(key, f"export/{export_id}/{expires}".encode(), sha256).hexdigest()
