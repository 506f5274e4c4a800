"""Both ends of a conversation: a phone that texts, an agent who answers."""

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
    """One conversation on the support line, with an agent."""

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
        """Let the consumer text."""
        await signed(self.installation, self.number, text).post(self.installation)

    async def reply(self, text: str = WORDS) -> None:
        """Let the agent answer; returns when it is in the transcript."""
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
    """Ann at work, with her page open."""

    installation: MeasuredInstallation
    page: LivePage
    agent: Mapping[str, str]

    async def talks(self, count: int) -> list[Talk]:
        """Open new conversations, all of them with Ann."""
        numbers = [new_number() for _ in range(count)]
        for number in numbers:
            await signed(self.installation, number).post(self.installation)
        return [await self._talk(number) for number in numbers]

    async def _talk(self, number: str) -> Talk:
        """Return a number's conversation as soon as Ann has it."""
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
    """Let Ann, and nobody else, work for the length of a block."""
    agent = await installation.log_in("ann")
    async with opened(installation, agent) as page:
        await installation.set_state("ann", "online")
        try:
            yield WorkingAgent(installation, page, agent)
        finally:
            await installation.set_state("ann", "offline")
