"""Encryption of everything Temporal keeps of a conversation, except ids and names.

Temporal's server and UI see ciphertext; the API's codec endpoint decrypts for operators, and for
admins what is of their own account. Each payload is bound to what it is of, its scope: it decrypts
in no other workflow, and for nobody else, whoever may write into Temporal.
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
"""Written by an operator by hand, for any conversation."""


def of_line(line: LineId) -> str:
    """Return the scope of what is of a line's conversations; a line never changes its account."""
    return f"{OF_LINE}{line}"


def of_account(account_id: str) -> str:
    """Return the scope of what an account's admin writes by hand, for any of its lines."""
    return f"{OF_ACCOUNT}{account_id}"


class Cipher(Protocol):
    """What encrypts payloads: `security.payload_cipher.PayloadCipher`."""

    def encrypt(self, data: bytes, scope: bytes) -> tuple[str, bytes]:
        """Return the id of the key, and what was encrypted with it."""
        ...

    def decrypt(self, key: str, data: bytes, scope: bytes) -> bytes:
        """Return what was encrypted. Raises `InvalidToken`."""
        ...


class EncryptionCodec(PayloadCodec, WithSerializationContext):
    """Encrypts payloads with the current key and decrypts with any that is configured.

    The SDK gives it the workflow's scope. Without one it decrypts whatever is ours, and what it
    encrypts is read by operators alone.
    """

    def __init__(self, cipher: Cipher, scope: str | None = None) -> None:
        self._cipher = cipher
        self._scope = scope

    def with_context(self, context: SerializationContext) -> Self:
        """Return the codec of the line whose conversation a payload is of."""
        if not isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
            return self
        line = line_of_workflow(context.workflow_id or "")
        return self.bound_to(of_line(line)) if line else self

    def bound_to(self, scope: str) -> Self:
        """Return a codec that encrypts for this scope, and decrypts what holds in it."""
        return type(self)(self._cipher, scope)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._encrypted(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Return payloads in the clear. Raises `InvalidToken` for one that is not of this scope."""
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
    """Return what an encrypted payload says it is of; that it is true shows when it decrypts."""
    return payload.metadata.get(SCOPE, b"").decode("utf-8", "replace")


def _holds_in(scope: str, where: str) -> bool:
    """Say whether what is of a scope may be read in another: an account's and an operator's may
    be in the conversations of its lines, whose ids begin with the account's as no others do.
    """
    if scope in (where, OF_OPERATOR):
        return True
    line, account = where.removeprefix(OF_LINE), scope.removeprefix(OF_ACCOUNT)
    return (
        where.startswith(OF_LINE)
        and scope.startswith(OF_ACCOUNT)
        and line.startswith(f"{account}-")
    )
