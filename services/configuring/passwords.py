"""How passwords of an account's people are kept: as hashes, of fit passwords only."""

from typing import Protocol


class PasswordHasher(Protocol):
    """Hashes slowly, so that a stolen hash is of no use."""

    async def hash(self, password: str) -> str: ...
