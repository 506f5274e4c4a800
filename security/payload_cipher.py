"""How Temporal's payloads are encrypted: quick, because each step of a conversation has a dozen.

AES-256-GCM-SIV (RFC 8452), which stays safe however many payloads a key encrypts under random
nonces. The id of the key goes with the payload, so that keys are not tried in turn. Each is bound
to its scope (associated data): under another one it does not decrypt.
"""

import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

NONCE_BYTES = 12


class PayloadCipher:
    """Encrypts with the first key and decrypts with any."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._current = next(iter(keys))
        self._keys = {name: AESGCMSIV(key) for name, key in keys.items()}

    def encrypt(self, data: bytes, scope: bytes) -> tuple[str, bytes]:
        """Return the id of the key, and the nonce with the ciphertext."""
        nonce = os.urandom(NONCE_BYTES)
        return self._current, nonce + self._keys[self._current].encrypt(nonce, data, scope)

    def decrypt(self, key: str, data: bytes, scope: bytes) -> bytes:
        """Return what was encrypted.

        Raises `InvalidToken`: not ours, of another scope, or the key was taken away.
        """
        try:
            return self._keys[key].decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], scope)
        except (KeyError, InvalidTag, ValueError) as error:
            raise InvalidToken from error
