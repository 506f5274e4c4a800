"""Missed offers: after the allowed number in a row, an agent is set away."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import agent_states
from database.queries.events import NewEvent
from database.tables import Account, Agent, Event
from domain.conversation.effects import Effect, Happened
from domain.conversation.kinds import EventKind
from domain.conversation.state import ConversationState
from domain.people.roles import AgentState

MISSED_OFFERS = "missed offers"
"""The away reason of an agent who was set away for missed offers."""


async def rang_at(session: AsyncSession, conversation_id: UUID, agent_id: str) -> bool:
    """Say whether a conversation was ever offered to an agent."""
    offered = exists().where(
        Event.conversation_id == conversation_id,
        Event.kind == str(EventKind.conversation_offered),
        Event.agent_id == agent_id,
    )
    return bool(await session.scalar(select(offered)))


def are_missed(effects: Sequence[Effect]) -> bool:
    """Say whether an agent missed an offer."""
    return any(_is_missed(effect) for effect in effects)


async def count_missed(
    session: AsyncSession, state: ConversationState, effects: Sequence[Effect]
) -> list[NewEvent]:
    """Count missed offers; returns the events to append for agents who are set away.

    The journal's statement resets the count when an agent is assigned a conversation.
    """
    happened: list[NewEvent] = []
    for effect in effects:
        if isinstance(effect, Happened) and _is_missed(effect) and effect.agent_id:
            happened += await _missed(session, state.account_id, effect.agent_id, effect.at)
    return happened


def _is_missed(effect: Effect) -> bool:
    return (
        isinstance(effect, Happened)
        and effect.kind is EventKind.offer_ended
        and effect.data.get("outcome") == "lapsed"
        and effect.agent_id is not None
    )


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
