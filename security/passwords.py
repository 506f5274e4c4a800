"""Makes, hashes and checks passwords and tokens."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Self

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

SESSION_PREFIX = "sws_"
OPERATOR_PREFIX = "swo_"
TOKEN_PREFIX = "swt_"  # noqa: S105 - a prefix, by which scanners of leaked secrets know ours


def new_secret(prefix: str) -> str:
    """Return a new token with 256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """Return the hash of a token to store. A token is random, so a fast hash is safe."""
    return hashlib.sha256(secret.encode()).digest()


@dataclass(frozen=True)
class PasswordCheck:
    """The result of a check. `new_hash`: set when the stored hash should be replaced."""

    is_right: bool
    new_hash: str | None = None


@dataclass(frozen=True)
class Passwords:
    """Hashes with Argon2 in a thread, because one hash takes about 50 ms and 64 MB."""

    hasher: PasswordHash
    placeholder: str
    """A hash to check against when nobody has the e-mail address, so that it takes as long."""

    @classmethod
    @cache
    def create(cls) -> Self:
        """Return the hasher of this process; keep it, because `placeholder` is slow to make."""
        hasher = PasswordHash.recommended()
        return cls(hasher, hasher.hash(secrets.token_urlsafe()))

    async def hash(self, password: str) -> str:
        return await asyncio.to_thread(self.hasher.hash, password)

    async def check(self, password: str, password_hash: str | None) -> PasswordCheck:
        """Check a password; `password_hash` is None when nobody has the e-mail address."""
        known = password_hash or self.placeholder
        try:
            is_right, new_hash = await asyncio.to_thread(
                self.hasher.verify_and_update, password, known
            )
        except UnknownHashError:  # a person without a password, such as an imported one
            return await self.check(password, None)
        return PasswordCheck(is_right and password_hash is not None, new_hash)
