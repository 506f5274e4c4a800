"""The operator of the installation, at its own command line and over no network."""

from dataclasses import dataclass

from domain.people.roles import Role
from services.caller import Caller, Proof


@dataclass(frozen=True)
class Installation:
    """The caller who may set up accounts and name operators. No request can prove to be this."""

    id: str = "installation"

    def caller(self, account_id: str) -> Caller:
        """Return the installation as an admin of an account."""
        proof = Proof(secret_hash=b"", is_program=True, acts_for=None)
        return Caller(account_id, self.id, Role.admin, None, proof)
