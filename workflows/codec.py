"""Encryption of everything Temporal keeps of a conversation, except ids and names.

Temporal's server and UI see ciphertext; the API's codec endpoint decrypts for operators.
"""

from collections.abc import Sequence
from typing import Protocol

from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

ENCODING = b"binary/encrypted"
KEY = "encryption-key-id"


class Cipher(Protocol):
    """What encrypts payloads: `providers.payload_cipher.PayloadCipher`."""

    def encrypt(self, data: bytes) -> tuple[str, bytes]:
        """Return the id of the key, and what was encrypted with it."""
        ...

    def decrypt(self, key: str | None, data: bytes) -> bytes:
        """Return what was encrypted. Raises `InvalidToken`."""
        ...


class EncryptionCodec(PayloadCodec):
    """Encrypts payloads with the current key and decrypts with any that is configured."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._encrypted(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._decrypted(payload) for payload in payloads]

    def _encrypted(self, payload: Payload) -> Payload:
        key, data = self._cipher.encrypt(payload.SerializeToString())
        return Payload(metadata={"encoding": ENCODING, KEY: key.encode()}, data=data)

    def _decrypted(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        # Payloads of before name no key.
        key = payload.metadata[KEY].decode() if KEY in payload.metadata else None
        return Payload.FromString(self._cipher.decrypt(key, payload.data))
