"""Proving callers: by a log-in, or by a program's token."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from database.direct import Direct
from database.engine import Sessions
from database.queries import proofs
from database.queries.proofs import ProvenPerson, ProvenToken
from domain.conversation.inputs import Person
from domain.errors import DomainError, NotAllowed, NotAuthenticated, NotFound
from domain.ids import SLUG
from domain.people.roles import Role
from domain.people.token_scopes import understood
from services.caller import Caller, Proof
from services.clock import utc_now


@dataclass(frozen=True)
class Proven:
    """A caller with their present role, and the skills of the person who acts."""

    caller: Caller
    skills: frozenset[str]


@dataclass(frozen=True)
class _Found:
    """What the database knows of some proofs."""

    log_ins: Mapping[bytes, ProvenPerson]
    tokens: Mapping[bytes, ProvenToken]
    people: Mapping[str, ProvenPerson]


async def proven(sessions: Sessions, proof: Proof) -> Caller:
    """Return the caller a proof belongs to, with their present role.

    Raises `NotAuthenticated` for a log-in or token that has ended, `NotAllowed` and `NotFound` for
    a program that may not act for this agent.
    """
    return _proven(proof, await _find(sessions.direct, [proof])).caller


async def proven_now(sessions: Sessions, shown: Collection[Proof]) -> Mapping[Proof, Proven]:
    """Return the callers of some proofs, without those that prove nobody any more."""
    found = await _find(sessions.direct, shown)
    still: dict[Proof, Proven] = {}
    for proof in shown:
        try:
            still[proof] = _proven(proof, found)
        except DomainError:
            continue
    return still


async def _find(direct: Direct, shown: Collection[Proof]) -> _Found:
    programs = {proof.secret_hash for proof in shown if proof.is_program}
    people = {proof.secret_hash for proof in shown if not proof.is_program}
    acting = {proof.acts_for for proof in shown if proof.is_program and proof.acts_for}
    return _Found(
        await proofs.log_ins(direct, people, utc_now()),
        await proofs.tokens(direct, programs),
        await proofs.people(direct, [one for one in acting if SLUG.fullmatch(one)]),
    )


def _proven(proof: Proof, found: _Found) -> Proven:
    return _program(proof, found) if proof.is_program else _person(proof, found)


def _person(proof: Proof, found: _Found) -> Proven:
    agent = found.log_ins.get(proof.secret_hash)
    if agent is None:
        raise NotAuthenticated
    if proof.acts_for not in (None, agent.id):
        raise NotAllowed("Only programs can act for somebody else.")
    person = _as_person(agent)
    caller = Caller(
        agent.account_id,
        agent.id,
        person.role,
        person,
        proof,
        language=agent.interface_language,
        led=agent.led,
    )
    return Proven(caller, agent.skills)


def _program(proof: Proof, found: _Found) -> Proven:
    token = found.tokens.get(proof.secret_hash)
    if token is None:
        raise NotAuthenticated
    limits = understood(token.scopes)
    caller = Caller(token.account_id, token.id, Role(token.role), None, proof, limits)
    if proof.acts_for is None:
        return Proven(caller, frozenset())
    return _acting_for(caller, found.people.get(proof.acts_for))


def _acting_for(program: Caller, agent: ProvenPerson | None) -> Proven:
    if agent is None or agent.account_id != program.account_id:
        raise NotFound
    if agent.is_retired or not program.has(Role.manager):
        raise NotAllowed
    person = _as_person(agent)
    if not program.has(person.role):
        raise NotAllowed("This token may not act for somebody of a higher role.")
    return Proven(replace(program, role=person.role, person=person, led=agent.led), agent.skills)


def _as_person(agent: ProvenPerson) -> Person:
    return Person(agent_id=agent.id, name=agent.name, role=Role(agent.role))
