"""Tells all API processes what people do in conversations. Nothing is stored."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

CHANNEL_PRESENCE = "switchboard_presence"
"""NOTIFY with who does what in which conversation."""


@dataclass(frozen=True)
class Said:
    """What a page says of its person. `page`: tells the person's pages apart."""

    account_id: str
    conversation_id: UUID
    agent_id: str
    name: str
    page: str
    doing: str


async def say(session: AsyncSession, said: Said) -> None:
    """Notify all API processes at commit."""
    written = (said.account_id, str(said.conversation_id), said.agent_id, said.name, said.page)
    payload = json.dumps([*written, said.doing], separators=(",", ":"))
    await session.execute(select(func.pg_notify(CHANNEL_PRESENCE, payload)))


def read(payload: str) -> Said:
    """Return what a notification says."""
    account_id, conversation_id, agent_id, name, page, doing = json.loads(payload)
    return Said(account_id, UUID(conversation_id), agent_id, name, page, doing)
