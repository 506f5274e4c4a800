"""Encrypts everything that Temporal stores about a conversation, except ids and names.

Temporal's server and UI see ciphertext. The API's codec endpoint decrypts all payloads for
operators, and the payloads of their own account for admins. Each payload is bound to a scope, such
as its line, and does not decrypt in any other scope, even if somebody copies it inside Temporal.
"""

from collections.abc import Sequence
from typing import Protocol, Self

from cryptography.fernet import InvalidToken
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    ActivitySerializationContext,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from domain.ids import LineId, line_of_workflow

ENCODING = b"binary/encrypted"
KEY = "encryption-key-id"
SCOPE = "encryption-scope"

OF_LINE, OF_ACCOUNT = "line/", "account/"
OF_NOTHING = "nothing"
OF_OPERATOR = "operator"
"""The scope of payloads that an operator writes by hand, for any conversation."""


def of_line(line: LineId) -> str:
    """Return the scope of a line's conversations; a line never changes its account."""
    return f"{OF_LINE}{line}"


def of_account(account_id: str) -> str:
    """Return the scope of payloads that an account's admin writes by hand, for any of its lines."""
    return f"{OF_ACCOUNT}{account_id}"


class Cipher(Protocol):
    """What the codec needs of `security.payload_cipher.PayloadCipher`."""

    def encrypt(self, data: bytes, scope: bytes) -> tuple[str, bytes]:
        """Return the id of the key, and the ciphertext."""
        ...

    def decrypt(self, key: str, data: bytes, scope: bytes) -> bytes:
        """Return the plaintext. Raises `InvalidToken`."""
        ...


class EncryptionCodec(PayloadCodec, WithSerializationContext):
    """Encrypts payloads with the current key and decrypts them with any configured key.

    The SDK supplies the workflow's scope. Without a scope the codec decrypts all of our payloads,
    and only operators can read what it encrypts.
    """

    def __init__(self, cipher: Cipher, scope: str | None = None) -> None:
        self._cipher = cipher
        self._scope = scope

    def with_context(self, context: SerializationContext) -> Self:
        """Return the codec for the line of the payload's conversation."""
        if not isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
            return self
        line = line_of_workflow(context.workflow_id or "")
        return self.bound_to(of_line(line)) if line else self

    def bound_to(self, scope: str) -> Self:
        """Return a codec that encrypts for this scope, and decrypts what may be read in it."""
        return type(self)(self._cipher, scope)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._encrypted(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Return payloads in the clear. Raises `InvalidToken` for a payload of another scope."""
        return [self._decrypted(payload) for payload in payloads]

    def _encrypted(self, payload: Payload) -> Payload:
        scope = (self._scope or OF_NOTHING).encode()
        key, data = self._cipher.encrypt(payload.SerializeToString(), scope)
        return Payload(metadata={"encoding": ENCODING, KEY: key.encode(), SCOPE: scope}, data=data)

    def _decrypted(self, payload: Payload) -> Payload:
        if not is_encrypted(payload):
            return payload
        scope = scope_of(payload)
        if self._scope is not None and not _holds_in(scope, self._scope):
            raise InvalidToken
        key = payload.metadata.get(KEY, b"").decode("utf-8", "replace")
        return Payload.FromString(self._cipher.decrypt(key, payload.data, scope.encode()))


def is_encrypted(payload: Payload) -> bool:
    return payload.metadata.get("encoding") == ENCODING


def scope_of(payload: Payload) -> str:
    """Return the scope that an encrypted payload claims; decryption verifies it."""
    return payload.metadata.get(SCOPE, b"").decode("utf-8", "replace")


def _holds_in(scope: str, where: str) -> bool:
    """Say whether a payload of `scope` may be read in `where`.

    The conversations of a line may also read payloads of the line's account and of operators. Only
    ids of an account's own lines begin with the account's id.
    """
    if scope in (where, OF_OPERATOR):
        return True
    line, account = where.removeprefix(OF_LINE), scope.removeprefix(OF_ACCOUNT)
    return (
        where.startswith(OF_LINE)
        and scope.startswith(OF_ACCOUNT)
        and line.startswith(f"{account}-")
    )
