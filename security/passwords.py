"""Makes, hashes and checks passwords and tokens."""

import asyncio
import hashlib
import os
import secrets
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
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
    """Hashes with Argon2 in threads, because one hash takes about 50 ms and 64 MB.

    Threads of their own, one for each core: many log-ins at once wait for one another, and nobody
    else waits for them.
    """

    hasher: PasswordHash
    placeholder: str
    """A hash to check against when nobody has the e-mail address, so that it takes as long."""
    threads: Executor = field(
        default_factory=lambda: ThreadPoolExecutor(os.cpu_count() or 1, "passwords"), repr=False
    )

    @classmethod
    @cache
    def create(cls) -> Self:
        """Return the hasher of this process; keep it, because `placeholder` is slow to make."""
        hasher = PasswordHash.recommended()
        return cls(hasher, hasher.hash(secrets.token_urlsafe()))

    async def hash(self, password: str) -> str:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, self.hasher.hash, password)

    async def check(self, password: str, password_hash: str | None) -> PasswordCheck:
        """Check a password; `password_hash` is None when nobody has the e-mail address."""
        known = password_hash or self.placeholder
        try:
            is_right, new_hash = await asyncio.get_running_loop().run_in_executor(
                self.threads, self.hasher.verify_and_update, password, known
            )
        except UnknownHashError:  # a person without a password, such as an imported one
            return await self.check(password, None)
        return PasswordCheck(is_right and password_hash is not None, new_hash)
