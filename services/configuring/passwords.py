"""Hashing the passwords of people."""

from typing import Protocol


class PasswordHasher(Protocol):
    """Hashes slowly, so that a stolen hash is of no use."""

    async def hash(self, password: str) -> str: ...
