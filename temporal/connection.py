"""The Temporal client every process uses: address from `TEMPORAL_*`, payloads encrypted."""

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
"""A way that was lost without a word is noticed within 17 s. Temporal's servers end connections
that ask more often than every 10 s.
"""
NOW_SECONDS = 10
"""How long somebody at a terminal waits for Temporal."""


def data_converter(cipher: Cipher) -> DataConverter:
    """Return the converter of all our payloads: pydantic models, encrypted, failures too."""
    return dataclasses.replace(
        pydantic_data_converter,
        payload_codec=EncryptionCodec(cipher),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


async def connect(cipher: Cipher, *, lazy: bool = False) -> Client:
    """Connect to Temporal as the environment says. `lazy`: at the first call, so that a process
    starts while Temporal is away.
    """
    config = ClientConfig.load_client_connect_config()
    config.setdefault("target_host", "localhost:7233")
    return await Client.connect(
        **config, data_converter=data_converter(cipher), keep_alive_config=KEEP_ALIVE, lazy=lazy
    )


async def connect_now(cipher: Cipher) -> Client:
    """Connect for a command somebody waits for. Raises `Unavailable`."""
    try:
        async with asyncio.timeout(NOW_SECONDS):
            return await connect(cipher)
    # The SDK has no error of its own for a server that does not answer.
    except (RuntimeError, TimeoutError) as error:
        raise Unavailable from error
