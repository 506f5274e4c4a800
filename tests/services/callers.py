"""Callers of services, without a request that proves them."""

from domain.people.roles import Role
from services.caller import Caller, Proof


def caller(account_id: str, role: Role) -> Caller:
    """Return a program with a role in an account."""
    return Caller(account_id, "program", role, None, Proof(b"", is_program=True, acts_for=None))
