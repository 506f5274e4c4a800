"""How Temporal's payloads are encrypted: quick, because each step of a conversation has a dozen.

AES-256-GCM-SIV (RFC 8452), which stays safe however many payloads a key encrypts under random
nonces. The id of the key goes with the payload, so that keys are not tried in turn.
"""

import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.fernet import InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

NONCE_BYTES = 12


class PayloadCipher:
    """Encrypts with the first key and decrypts with any. `before`: what encrypted without an id."""

    def __init__(self, keys: Mapping[str, bytes], before: MultiFernet) -> None:
        self._current = next(iter(keys))
        self._keys = {name: AESGCMSIV(key) for name, key in keys.items()}
        self._before = before

    def encrypt(self, data: bytes) -> tuple[str, bytes]:
        """Return the id of the key, and the nonce with the ciphertext."""
        nonce = os.urandom(NONCE_BYTES)
        return self._current, nonce + self._keys[self._current].encrypt(nonce, data, None)

    def decrypt(self, key: str | None, data: bytes) -> bytes:
        """Return what was encrypted. Raises `InvalidToken`: not ours, or the key was taken away."""
        if key is None:
            return self._before.decrypt(data)
        try:
            return self._keys[key].decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], None)
        except (KeyError, InvalidTag, ValueError) as error:
            raise InvalidToken from error
