"""What time it is for Temporal."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

from temporalio.client import Client
from temporalio.service import RPCError

from domain.errors import Unavailable
from temporal.conversations import AWAY, SIGNAL_TIMEOUT

NOBODYS_QUEUE = "switchboard-doctor"
"""No worker works on it: what is started there only shows when it was."""


async def temporal_time(client: Client) -> datetime:
    """Return Temporal's time: it tells it only of what it starts. Raises `Unavailable`."""
    try:
        async with asyncio.timeout(SIGNAL_TIMEOUT.total_seconds()):
            handle = await client.start_workflow(
                "Clock",
                id=f"doctor/{uuid4().hex}",
                task_queue=NOBODYS_QUEUE,
                execution_timeout=timedelta(minutes=1),
                rpc_timeout=SIGNAL_TIMEOUT,
            )
            at = (await handle.describe(rpc_timeout=SIGNAL_TIMEOUT)).start_time
            with suppress(RPCError):
                await handle.terminate("it was only asked for the time")
    except AWAY as error:
        raise Unavailable from error
    return at
