"""The simulated account's keys: one secret word makes the API key and the pair that signs."""

import hashlib
import time
from base64 import b64encode
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def public_key(token: str) -> str:
    """Return the public key of an account, as Telnyx's portal shows it."""
    return b64encode(_private_key(token).public_key().public_bytes_raw()).decode()


def signed_headers(body: bytes, token: str) -> Mapping[str, str]:
    """Sign a body now. https://developers.telnyx.com/docs/development/api-fundamentals/webhooks"""
    signed_at = str(int(time.time()))
    signature = _private_key(token).sign(signed_at.encode() + b"|" + body)
    return {
        "Content-Type": "application/json",
        "User-Agent": "telnyx-webhooks",
        "telnyx-timestamp": signed_at,
        "telnyx-signature-ed25519": b64encode(signature).decode(),
    }


def _private_key(token: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(token.encode()).digest())
