"""Passwords and tokens: how they are made, kept and checked."""

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
    """Return what is kept of a token: random enough to need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


@dataclass(frozen=True)
class PasswordCheck:
    """Whether a password is right, and its hash anew when it should be replaced."""

    is_right: bool
    new_hash: str | None = None


@dataclass(frozen=True)
class Passwords:
    """Argon2 hashes, computed beside the event loop: one takes some 50 ms and 64 MB."""

    hasher: PasswordHash
    nobodys: str
    """A hash to check against when nobody has the e-mail address: it takes as long."""

    @classmethod
    @cache
    def create(cls) -> Self:
        """Return the one of this process: making a hash for nobody takes its time."""
        hasher = PasswordHash.recommended()
        return cls(hasher, hasher.hash(secrets.token_urlsafe()))

    async def hash(self, password: str) -> str:
        return await asyncio.to_thread(self.hasher.hash, password)

    async def check(self, password: str, password_hash: str | None) -> PasswordCheck:
        """Check a password; `password_hash` is None for an address nobody has."""
        known = password_hash or self.nobodys
        try:
            is_right, new_hash = await asyncio.to_thread(
                self.hasher.verify_and_update, password, known
            )
        except UnknownHashError:  # somebody without a password, such as an imported person
            return await self.check(password, None)
        return PasswordCheck(is_right and password_hash is not None, new_hash)
