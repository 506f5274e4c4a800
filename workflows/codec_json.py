"""The wire format of codec servers: payloads as protobuf's JSON, in and out.

https://docs.temporal.io/production-deployment/data-encryption
"""

from collections.abc import Iterable

from cryptography.fernet import InvalidToken
from google.protobuf import json_format
from temporalio.api.common.v1 import Payload, Payloads

from workflows.codec import EncryptionCodec


class NotPayloads(Exception):
    """The body is not payloads in protobuf's JSON, or not encrypted by us."""


async def decode(codec: EncryptionCodec, body: bytes) -> str:
    """Return payloads in the clear. Raises `NotPayloads`."""
    try:
        return _written(await codec.decode(_read(body).payloads))
    except InvalidToken as error:
        raise NotPayloads from error


async def encode(codec: EncryptionCodec, body: bytes) -> str:
    """Return payloads encrypted. Raises `NotPayloads`."""
    return _written(await codec.encode(_read(body).payloads))


def _read(body: bytes) -> Payloads:
    try:
        return json_format.Parse(body, Payloads())
    except (json_format.ParseError, UnicodeDecodeError) as error:
        raise NotPayloads from error


def _written(payloads: Iterable[Payload]) -> str:
    return json_format.MessageToJson(Payloads(payloads=payloads))
