"""Offers that agents let pass: after so many in a row they are set away, and told why."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import agent_states
from database.queries.events import NewEvent
from database.tables import Account, Agent
from domain.effects import Happened, MessageWritten
from domain.state import ConversationState
from domain.words import AgentState, EventKind

MISSED_OFFERS = "missed offers"
"""The reason an agent reads who was set away."""


async def count_offers(
    session: AsyncSession, state: ConversationState, effects: Sequence[MessageWritten | Happened]
) -> list[NewEvent]:
    """Count what agents let pass, and forget it when they get one; returns events to append."""
    happened: list[NewEvent] = []
    for effect in effects:
        if not isinstance(effect, Happened) or not effect.agent_id:
            continue
        if effect.kind is EventKind.offer_ended and effect.data.get("outcome") == "lapsed":
            happened += await _missed(session, state.account_id, effect.agent_id, effect.at)
        if effect.kind is EventKind.conversation_assigned:
            await _taken(session, effect.agent_id)
    return happened


async def _taken(session: AsyncSession, agent_id: str) -> None:
    forgotten = update(Agent).where(Agent.id == agent_id, Agent.missed_offers > 0)
    await session.execute(forgotten.values(missed_offers=0))


async def _missed(
    session: AsyncSession, account_id: str, agent_id: str, now: datetime
) -> list[NewEvent]:
    allowed = await session.scalar(
        select(Account.missed_offers_allowed).where(Account.id == account_id)
    )
    locked = select(Agent).where(Agent.id == agent_id).with_for_update(key_share=True)
    agent = (await session.scalars(locked)).one()
    agent.missed_offers += 1
    if not allowed or agent.missed_offers < allowed or agent.state != AgentState.online:
        return []
    moved = await agent_states.move(session, agent, AgentState.away, MISSED_OFFERS, now)
    return [moved] if moved else []
