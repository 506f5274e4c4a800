"""Closes what people see of conversations whose workflow an operator has ended."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

import structlog

from database.away import AWAY
from database.engine import Sessions
from database.queries.orphans import close_orphan, open_among
from domain.errors import Unavailable

PAUSE_SECONDS = 300.0
FIRST_LOOK_BACK = timedelta(days=30)
OVERLAP = timedelta(minutes=10)
"""Temporal's list of workflows follows the workflows with a delay."""

log = structlog.stdlib.get_logger()


class EndedWorkflows(Protocol):
    """Conversation workflows, as this sweep sees them: `workflows.conversations.Conversations`."""

    async def ended_workflows(self, since: datetime) -> list[str]:
        """Return ids of workflows that ended other than by closing. Raises `Unavailable`."""
        ...

    async def is_running(self, workflow_id: str) -> bool:
        """Say whether a workflow with this id runs now. Raises `Unavailable`."""
        ...


@dataclass(frozen=True)
class Orphans:
    """The task of a worker process that leaves no conversation open for ever."""

    sessions: Sessions
    workflows: EndedWorkflows

    async def run(self) -> None:
        """Sweep at the start and every five minutes, until cancelled."""
        since = datetime.now(UTC) - FIRST_LOOK_BACK
        while True:
            began = datetime.now(UTC)
            try:
                await self.sweep(since)
                since = began - OVERLAP
            except (Unavailable, *AWAY) as error:
                log.warning("orphans_not_swept", error=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def sweep(self, since: datetime) -> None:
        """Close conversations whose workflow ended since then and does not run again."""
        ended = await self.workflows.ended_workflows(since)
        if not ended:
            return
        async with self.sessions() as session:
            left = await open_among(session, ended)
        for conversation in left:
            if not await self.workflows.is_running(conversation.workflow_id):
                await self.close(conversation.conversation_id)

    async def close(self, conversation_id: UUID) -> None:
        """Close a conversation that has no workflow any more."""
        async with self.sessions.begin() as session:
            if await close_orphan(session, conversation_id, datetime.now(UTC)):
                log.warning("orphan_closed", conversation_id=str(conversation_id))
