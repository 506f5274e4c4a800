"""Encryption of everything Temporal keeps of a conversation, except ids and names.

Temporal's server and UI see ciphertext; the API's codec endpoint decrypts for operators.
"""

from collections.abc import Sequence

from cryptography.fernet import MultiFernet
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

ENCODING = b"binary/encrypted"


class EncryptionCodec(PayloadCodec):
    """Encrypts payloads with the current key and decrypts with any that is configured."""

    def __init__(self, cipher: MultiFernet) -> None:
        self._cipher = cipher

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._encrypted(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._decrypted(payload) for payload in payloads]

    def _encrypted(self, payload: Payload) -> Payload:
        data = self._cipher.encrypt(payload.SerializeToString())
        return Payload(metadata={"encoding": ENCODING}, data=data)

    def _decrypted(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        return Payload.FromString(self._cipher.decrypt(payload.data))
