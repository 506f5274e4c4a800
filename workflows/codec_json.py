"""The wire format of codec servers: payloads as protobuf's JSON, in and out.

https://docs.temporal.io/production-deployment/data-encryption
"""

from collections.abc import Iterable

from cryptography.fernet import InvalidToken
from google.protobuf import json_format
from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload, Payloads

from workflows.codec import EncryptionCodec, is_encrypted, scope_of


class NotPayloads(Exception):
    """The body is not payloads in protobuf's JSON, or not encrypted by us."""


def read(body: bytes) -> Payloads:
    """Return the payloads of a body. Raises `NotPayloads`."""
    try:
        return json_format.Parse(body, Payloads())
    # The reader of protobuf's JSON fails in all these ways on text that is not UTF-8, too deep, or
    # of other types.
    except (json_format.ParseError, ValueError, TypeError, RecursionError) as error:
        raise NotPayloads from error


async def decode(codec: EncryptionCodec, payloads: Payloads) -> str:
    """Return payloads in the clear. Raises `NotPayloads`."""
    try:
        return _written(await codec.decode(payloads.payloads))
    except (InvalidToken, DecodeError) as error:
        raise NotPayloads from error


async def encode(codec: EncryptionCodec, payloads: Payloads) -> str:
    """Return payloads encrypted."""
    return _written(await codec.encode(payloads.payloads))


def scopes(payloads: Payloads) -> set[str]:
    """Return what the encrypted ones of some payloads are of."""
    return {scope_of(payload) for payload in payloads.payloads if is_encrypted(payload)}


def _written(payloads: Iterable[Payload]) -> str:
    return json_format.MessageToJson(Payloads(payloads=payloads))
