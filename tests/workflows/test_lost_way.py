"""The connection to Temporal is lost silently: calls end, and the same client works afterwards."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from temporalio.service import KeepAliveConfig

from domain.errors import Unavailable
from security.secrets import Keyring
from temporal.connection import connect
from temporal.conversations import ConversationClient
from temporal.readiness import is_reachable
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.centre import eventually
from tests.fixtures.proxy import proxy_to


async def test_a_client_whose_way_was_lost_reaches_temporal_again(
    temporal_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = KeepAliveConfig(interval_millis=1000, timeout_millis=1500)
    monkeypatch.setattr("temporal.connection.KEEP_ALIVE", hasty)
    async with proxy_to(temporal_address) as way:
        monkeypatch.setenv("TEMPORAL_ADDRESS", "{}:{}".format(*way.address))
        client = await connect(Keyring.parse(ENCRYPTION_KEYS).payload_cipher())
        conversations = ConversationClient(client)

        async def is_answered() -> bool:
            with suppress(Unavailable):  # a busy machine may be late for the keep-alive
                return not await conversations.is_running("nobody")
            return False

        await eventually(is_answered)
        way.swallow()
        with pytest.MonkeyPatch.context() as hurried:
            hurried.setattr("temporal.conversations.SIGNAL_TIMEOUT", timedelta(seconds=1))
            with pytest.raises(Unavailable):
                await conversations.is_running("nobody")
        await asyncio.sleep(1)
        way.restore()

        async def is_back() -> bool:
            return await is_reachable(client)

        await eventually(is_back)
        await eventually(is_answered)
