"""Operators: people who run the installation. They belong to no account."""

from dataclasses import dataclass

from database.engine import Sessions
from database.queries import operators
from domain.errors import NotAuthenticated
from security.passwords import OPERATOR_PREFIX, digest
from services.installation import Installation


@dataclass(frozen=True)
class Operator:
    """An operator who proved to be one by their token: only `proven` makes one."""

    id: str
    """Their name."""


Operating = Operator | Installation
"""Whoever may see and free conversations of all accounts."""


async def proven(sessions: Sessions, token: str) -> Operator:
    """Return the operator with a token. Raises `NotAuthenticated`."""
    if not token.startswith(OPERATOR_PREFIX):
        raise NotAuthenticated
    async with sessions() as session:
        name = await operators.by_token(session, digest(token))
    if name is None:
        raise NotAuthenticated
    return Operator(name)
