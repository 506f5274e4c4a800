"""Whoever runs the installation: at its own command line, over nobody's network."""

from dataclasses import dataclass

from domain.people.roles import Role
from services.caller import Caller, Proof


@dataclass(frozen=True)
class Installation:
    """Who may set up accounts and name operators. No request is ever proven to be this."""

    id: str = "installation"

    def caller(self, account_id: str) -> Caller:
        """Return the installation as an admin of an account: it may what its admins may."""
        proof = Proof(secret_hash=b"", is_program=True, acts_for=None)
        return Caller(account_id, self.id, Role.admin, None, proof)
