"""The health check of the connection to Temporal."""

import asyncio
from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError

PATIENCE = timedelta(seconds=2)


async def is_reachable(client: Client) -> bool:
    """Say whether Temporal's frontend serves; connects a lazy client."""
    try:
        async with asyncio.timeout(2 * PATIENCE.total_seconds()):  # connecting has no limit
            return await client.service_client.check_health(timeout=PATIENCE)
    except (RPCError, RuntimeError, TimeoutError):  # RuntimeError: no connection at all
        return False
