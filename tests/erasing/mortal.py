"""A worker that is killed at a given moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions


class Died(Exception):
    """The worker was killed here."""


class Mortal:
    """Sessions of a worker that dies before or after its last transaction is committed."""

    def __init__(self, sessions: Sessions, lives: int) -> None:
        self._sessions, self._lives = sessions, lives
        self._is_early = lives % 2 == 0
        self.direct, self.clock = sessions.direct, sessions.clock

    def __call__(self) -> AsyncSession:
        return self._sessions()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        self._lives -= 1
        async with self._sessions.begin() as session:
            yield session
            if self._lives == 0 and self._is_early:
                raise Died
        if self._lives <= 0:
            raise Died
