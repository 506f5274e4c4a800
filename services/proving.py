"""Proving callers: by a log-in, or by a program's token."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, sessions
from database.tables import Agent
from domain.conversation.inputs import Person
from domain.errors import NotAllowed, NotAuthenticated, NotFound
from domain.ids import SLUG
from domain.people.roles import Role
from domain.people.token_scopes import understood
from services.caller import Caller, Proof
from services.clock import utc_now


async def proven(session: AsyncSession, proof: Proof) -> Caller:
    """Return the caller a proof belongs to, with their present role.

    Raises `NotAuthenticated` for a log-in or token that has ended, `NotAllowed` and `NotFound` for
    a program that may not act for this agent.
    """
    if proof.is_program:
        return await _program(session, proof)
    return await _person(session, proof)


async def _person(session: AsyncSession, proof: Proof) -> Caller:
    agent = await sessions.logged_in(session, proof.secret_hash, utc_now())
    if agent is None:
        raise NotAuthenticated
    if proof.acts_for not in (None, agent.id):
        raise NotAllowed("Only programs can act for somebody else.")
    person = _as_person(agent)
    return Caller(
        agent.account_id, agent.id, person.role, person, proof, language=agent.interface_language
    )


async def _program(session: AsyncSession, proof: Proof) -> Caller:
    token = await sessions.token(session, proof.secret_hash)
    if token is None:
        raise NotAuthenticated
    limits = understood(token.scopes)
    caller = Caller(token.account_id, token.id, Role(token.role), None, proof, limits)
    if proof.acts_for is None:
        return caller
    return await _acting_for(session, caller, proof.acts_for)


async def _acting_for(session: AsyncSession, program: Caller, agent_id: str) -> Caller:
    if not SLUG.fullmatch(agent_id):
        raise NotFound
    agent = await account_rows.find(session, Agent, program.account_id, agent_id)
    person = _as_person(agent)
    if agent.retired_at is not None or not program.has(Role.manager):
        raise NotAllowed
    if not program.has(person.role):
        raise NotAllowed("This token may not act for somebody of a higher role.")
    return replace(program, role=person.role, person=person)


def _as_person(agent: Agent) -> Person:
    return Person(agent_id=agent.id, name=agent.name, role=Role(agent.role))
