"""Callers of services, without a request that proves them."""

from domain.conversation.inputs import Person
from domain.people.roles import Role
from services.caller import Caller, Proof
from workflows.conversation.messages import Actor


def caller(account_id: str, role: Role) -> Caller:
    """Return a program with a role in an account."""
    return Caller(account_id, "program", role, None, Proof(b"", is_program=True, acts_for=None))


def person(account_id: str, actor: Actor) -> Caller:
    """Return a person with a log-in."""
    who = Person(actor.agent_id, actor.name, actor.role)
    proof = Proof(b"", is_program=False, acts_for=None)
    return Caller(account_id, actor.agent_id, actor.role, who, proof)
