"""The proof that this installation, and no other, answered a question."""

import hmac
from hashlib import sha256

LONGEST_NONCE = 64
"""Characters. Ours."""


def proof_of(key: bytes, nonce: str) -> str:
    """Return the answer to a nonce: no other installation has the key."""
    return hmac.new(key, f"reached/{nonce}".encode(), sha256).hexdigest()
