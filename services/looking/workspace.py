"""What surrounds conversations in the workspace: the account's names, the agent's own day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import (
    account_rows,
    accounts,
    agents,
    away_reasons,
    events,
    mentions,
    queues,
    workspace,
)
from database.queries.agents import Working
from database.queries.queues import OpenNow
from database.queries.workspace import Names, Ratings, WorkCounts
from database.tables import Account, Agent, Line, QueueEntry
from domain.board.times import RATINGS_SINCE
from domain.people.roles import Role
from services.caller import Caller
from services.clock import shared_now, utc_now


@dataclass(frozen=True)
class AccountNames:
    """An account, and the names of its lines, skills and agents."""

    account: Account
    names: Names


@dataclass(frozen=True)
class OwnDay:
    """An agent's own state, the account's away reasons, and the agent's latest ratings."""

    agent: Working
    capacity: int
    ratings: Ratings
    reasons: Sequence[str]


async def load_names(caller: Caller, session: AsyncSession) -> AccountNames:
    caller.require(Role.agent)
    account = await accounts.find(session, caller.account_id)
    return AccountNames(account, await workspace.names(session, account.id))


async def own_day(caller: Caller, session: AsyncSession) -> OwnDay:
    """Return the caller's own day. Raises `NobodyActs` for a program on its own."""
    caller.require(Role.agent)
    agent_id = caller.actor.agent_id
    row = await account_rows.find(session, Agent, caller.account_id, agent_id)
    account = await accounts.find(session, caller.account_id)
    return OwnDay(
        agent=(await agents.working(session, [row]))[0],
        capacity=account.default_capacity if row.capacity is None else row.capacity,
        ratings=await workspace.ratings(session, [agent_id], utc_now() - RATINGS_SINCE),
        reasons=await away_reasons.listed(session, caller.account_id),
    )


async def count_open(caller: Caller, session: AsyncSession) -> WorkCounts:
    """Count the open conversations the caller works with."""
    caller.require(Role.agent)
    return await workspace.counts(session, caller.viewer)


async def own_open(caller: Caller, session: AsyncSession) -> OpenNow:
    """Count the caller's own conversations, without those they have snoozed.

    Raises `NobodyActs` for a program on its own.
    """
    caller.require(Role.agent)
    return await queues.open_of(
        session, caller.account_id, caller.actor.agent_id, await shared_now(session)
    )


async def queue_entries(
    caller: Caller, session: AsyncSession, ids: Collection[UUID]
) -> Mapping[UUID, QueueEntry]:
    """Return the waits of conversations that are in the queue."""
    caller.require(Role.agent)
    return await workspace.queue_entries(session, caller.account_id, ids)


async def has_joined(caller: Caller, session: AsyncSession, conversation_id: UUID) -> bool:
    """Say whether the caller, a manager, writes alongside the agent."""
    caller.require(Role.agent)
    if not caller.has(Role.manager) or caller.person is None:
        return False
    return await workspace.has_joined(session, conversation_id, caller.person.agent_id)


async def may_pick(caller: Caller, session: AsyncSession, conversation_id: UUID) -> bool:
    """Say whether the caller may take a waiting conversation from the queue."""
    caller.require(Role.agent)
    if caller.person is None:
        return False
    if caller.has(Role.manager):
        return True
    return await agents.may_pick(session, caller.person.agent_id, conversation_id)


async def encodes_smartly(caller: Caller, session: AsyncSession, line_id: str) -> bool:
    """Say whether the provider replaces characters that GSM-7 lacks in a line's texts."""
    caller.require(Role.agent)
    line = await account_rows.find(session, Line, caller.account_id, line_id)
    return line.smart_encoding


async def list_lines(caller: Caller, session: AsyncSession) -> Sequence[Line]:
    """Return the lines on which a conversation can begin."""
    caller.require(Role.agent)
    return await account_rows.listed(session, Line, caller.account_id)


async def latest_event(caller: Caller, session: AsyncSession) -> int:
    """Return the event to follow from. Read it first: what comes meanwhile is shown again."""
    caller.require(Role.agent)
    return await events.latest_id(session, caller.account_id)


async def is_mentioned(caller: Caller, session: AsyncSession, conversation_id: UUID) -> bool:
    """Say whether a note of a conversation mentions the caller, who may then write notes in it."""
    caller.require(Role.agent)
    if caller.person is None:
        return False
    return await mentions.is_mentioned(session, conversation_id, caller.person.agent_id)


async def list_colleagues(caller: Caller, session: AsyncSession) -> Sequence[str]:
    """Return the ids of the people whom a note can mention."""
    caller.require(Role.agent)
    return list(await mentions.people(session, caller.account_id))
