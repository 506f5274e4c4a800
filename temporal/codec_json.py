"""Reads and writes the wire format of codec servers: payloads as protobuf's JSON.

https://docs.temporal.io/production-deployment/data-encryption
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from google.protobuf import json_format
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload, Payloads

from temporal.codec import EncryptionCodec, is_encrypted, scope_of


class NotPayloads(Exception):
    """The body does not hold payloads in protobuf's JSON, or we did not encrypt them."""


@dataclass(frozen=True)
class CodecRequest:
    """The payloads in a request's body."""

    payloads: Payloads

    @property
    def scopes(self) -> set[str]:
        """The scopes that the encrypted payloads claim."""
        return {scope_of(payload) for payload in self.payloads.payloads if is_encrypted(payload)}


def read(body: bytes) -> CodecRequest:
    """Return the payloads of a body. Raises `NotPayloads`."""
    try:
        return CodecRequest(json_format.Parse(body, Payloads()))
    # The reader of protobuf's JSON fails in all these ways on text that is not UTF-8, too deep, or
    # of other types.
    except (json_format.ParseError, ValueError, TypeError, RecursionError) as error:
        raise NotPayloads from error


async def decode(codec: EncryptionCodec, sent: CodecRequest) -> str:
    """Return payloads in the clear. Raises `NotPayloads`."""
    try:
        return _written(await codec.decode(sent.payloads.payloads))
    except (InvalidToken, DecodeError) as error:
        raise NotPayloads from error


async def encode(codec: EncryptionCodec, sent: CodecRequest) -> str:
    """Return payloads encrypted."""
    return _written(await codec.encode(sent.payloads.payloads))


def _written(payloads: Iterable[Payload]) -> str:
    return json_format.MessageToJson(Payloads(payloads=payloads))
