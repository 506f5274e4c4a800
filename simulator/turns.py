"""Keeps order: texts from one sender to one phone arrive in the order they were accepted."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class Turn:
    """One text's turn to arrive."""

    before: asyncio.Event | None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def come(self) -> None:
        """Wait until the previous text has arrived or failed."""
        if self.before:
            await self.before.wait()


class Turns:
    """The last turn of each pair of sender and phone."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], Turn] = {}

    def take(self, pair: tuple[str, str]) -> Turn:
        """Return the next turn of a pair; the caller must set `over` when it is done."""
        last = self._last.get(pair)
        turn = Turn(last.over if last else None)
        self._last[pair] = turn
        return turn
