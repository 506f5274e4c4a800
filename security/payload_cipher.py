"""Encrypts Temporal's payloads. It must be fast: each step of a conversation has about a dozen.

The cipher is AES-256-GCM-SIV (RFC 8452), which stays safe however many payloads a key encrypts
under random nonces. The payload names its key, so that decryption does not try keys in turn. Its
scope is associated data, so a payload does not decrypt in another scope.
"""

import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

NONCE_BYTES = 12


class PayloadCipher:
    """Encrypts with the first key and decrypts with any of them."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._current = next(iter(keys))
        self._keys = {name: AESGCMSIV(key) for name, key in keys.items()}

    def encrypt(self, data: bytes, scope: bytes) -> tuple[str, bytes]:
        """Return the id of the key, and the nonce with the ciphertext."""
        nonce = os.urandom(NONCE_BYTES)
        return self._current, nonce + self._keys[self._current].encrypt(nonce, data, scope)

    def decrypt(self, key: str, data: bytes, scope: bytes) -> bytes:
        """Return the plaintext.

        Raises `InvalidToken` if the data is not ours, has another scope, or its key was removed.
        """
        try:
            return self._keys[key].decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], scope)
        except (KeyError, InvalidTag, ValueError) as error:
            raise InvalidToken from error
