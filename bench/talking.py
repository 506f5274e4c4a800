"""Both ends of a conversation: a phone that texts, and an agent who replies."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import text as sql

from bench.installation import LINE, MeasuredInstallation
from bench.page import LivePage, opened
from bench.texting import WORDS, new_number, signed
from domain.ids import ConsumerId, LineId, workflow_id

CONVERSATION = sql("""
    SELECT conversation.id::text, consumer.id::text FROM conversation
    JOIN consumer ON consumer.id = conversation.consumer_id
    WHERE consumer.number = :number AND conversation.status = 'assigned'
""")
PATIENCE = 120.0
LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Talk:
    """One assigned conversation on the support line."""

    installation: MeasuredInstallation
    number: str
    conversation_id: str
    consumer: ConsumerId
    agent: Mapping[str, str]
    """The header that authenticates its agent."""

    @property
    def workflow_id(self) -> str:
        return workflow_id(LineId(LINE), self.consumer)

    async def text(self, text: str = WORDS) -> None:
        """Send a text from the consumer's phone."""
        await signed(self.installation, self.number, text).post(self.installation)

    async def reply(self, text: str = WORDS) -> None:
        """Reply as the agent; returns when the reply is in the transcript."""
        await self.command("replies", {"text": text})

    async def command(self, path: str, body: Mapping[str, str]) -> None:
        headers = {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
        await self.installation.api.post(
            f"/v1/conversations/{self.conversation_id}/{path}",
            json.dumps(body).encode(),
            {**headers, **self.agent},
        )


@dataclass(frozen=True)
class WorkingAgent:
    """Ann, online with her page open."""

    installation: MeasuredInstallation
    page: LivePage
    agent: Mapping[str, str]

    async def talks(self, count: int) -> list[Talk]:
        """Open new conversations, all assigned to Ann."""
        numbers = [new_number() for _ in range(count)]
        for number in numbers:
            await signed(self.installation, number).post(self.installation)
        return [await self._talk(number) for number in numbers]

    async def _talk(self, number: str) -> Talk:
        """Return a number's conversation as soon as it is assigned to Ann."""
        async with asyncio.timeout(PATIENCE):
            while True:
                async with self.installation.sessions() as session:
                    found = await session.execute(CONVERSATION, {"number": number})
                    row = found.one_or_none()
                if row:
                    return Talk(self.installation, number, row[0], ConsumerId(row[1]), self.agent)
                await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def at_work(installation: MeasuredInstallation) -> AsyncIterator[WorkingAgent]:
    """Make Ann the only agent online for the duration of a block."""
    agent = await installation.log_in("ann")
    async with opened(installation, agent) as page:
        await installation.set_state("ann", "online")
        try:
            yield WorkingAgent(installation, page, agent)
        finally:
            await installation.set_state("ann", "offline")
