"""Events that are written straight into the database, as the journal does, and what they cost.

So the API does nothing but tell pages.
"""

import asyncio
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from bench.installation import MeasuredInstallation
from bench.loops import Job, at_rate
from bench.stream_brand import ACCOUNT, HeldConversation
from bench.stream_centre import Centre
from bench.usage import cpu_of
from database.queries import events
from database.queries.events import NewEvent
from domain.conversation.kinds import EventKind

PER_SECOND = 40
"""Written steps."""
IN_A_STEP = 2
"""Events of a written step: a message, and what became of an earlier one."""
SETTLES_SECONDS = 2.0


async def cpu_of_events(centre: Centre) -> float:
    """Return the CPU seconds of the API while events happen that cost it nothing else."""
    held = centre.held

    def job(number: int) -> Job:
        one, other = held[number % len(held)], held[(number + 1) % len(held)]
        return partial(_happen, centre.installation, one, other)

    before = cpu_of(centre.installation, "API")
    jobs = [job(number) for number in range(PER_SECOND * centre.seconds)]
    await at_rate(jobs, per_second=PER_SECOND)
    await asyncio.sleep(SETTLES_SECONDS)
    return cpu_of(centre.installation, "API") - before


async def cpu_of_nothing(centre: Centre) -> float:
    """Return the CPU seconds of the API while nothing happens for as long."""
    before = cpu_of(centre.installation, "API")
    await asyncio.sleep(centre.seconds + SETTLES_SECONDS)
    return cpu_of(centre.installation, "API") - before


async def _happen(
    installation: MeasuredInstallation, one: HeldConversation, other: HeldConversation
) -> None:
    """Write the events of a text in a conversation, and of a delivery in another."""
    now = datetime.now(UTC)
    added = {"message_id": one.message_id, "author": "consumer"}
    status = {"message_id": other.message_id, "status": "delivered"}
    new = [
        NewEvent(EventKind.message_added, now, UUID(one.id), data=added),
        NewEvent(EventKind.message_status, now, UUID(other.id), data=status),
    ]
    async with installation.sessions.begin() as session:
        await events.append(session, ACCOUNT, new)


def events_in(centre: Centre) -> int:
    """Return how many events are written."""
    return PER_SECOND * IN_A_STEP * centre.seconds
