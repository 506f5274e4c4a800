"""Connects to Temporal: address from `TEMPORAL_*`, payloads encrypted."""

import asyncio
import dataclasses

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes
from temporalio.envconfig import ClientConfig
from temporalio.service import KeepAliveConfig

from domain.errors import Unavailable
from temporal.codec import Cipher, EncryptionCodec

KEEP_ALIVE = KeepAliveConfig(interval_millis=12_000, timeout_millis=5_000)
"""Notices a silently lost connection within 17 s. Temporal's servers close connections that send
keep-alives more often than every 10 s.
"""
NOW_SECONDS = 10
"""How long a command at a terminal waits for Temporal. Ours."""


def data_converter(cipher: Cipher) -> DataConverter:
    """Return the converter for all our payloads: pydantic models, encrypted, failures included."""
    return dataclasses.replace(
        pydantic_data_converter,
        payload_codec=EncryptionCodec(cipher),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


async def connect(cipher: Cipher, *, lazy: bool = False) -> Client:
    """Connect to Temporal as the environment says.

    `lazy`: connect at the first call, so that a process can start while Temporal does not answer.
    """
    config = ClientConfig.load_client_connect_config()
    config.setdefault("target_host", "localhost:7233")
    return await Client.connect(
        **config, data_converter=data_converter(cipher), keep_alive_config=KEEP_ALIVE, lazy=lazy
    )


def configured_namespace() -> str:
    """Return the name of the namespace that the environment names."""
    return ClientConfig.load_client_connect_config().get("namespace") or "default"


async def connect_now(cipher: Cipher) -> Client:
    """Connect for a command at a terminal. Raises `Unavailable`."""
    try:
        async with asyncio.timeout(NOW_SECONDS):
            return await connect(cipher)
    # The SDK has no error of its own for a server that does not answer.
    except (RuntimeError, TimeoutError) as error:
        raise Unavailable from error
