"""The one clock of the world, for code that asks what time it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, ClassVar


class Now(datetime):
    """`datetime` whose `now` is the world's."""

    clock: ClassVar[Callable[[], datetime]]

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return cls.clock().astimezone(tz)


@dataclass(frozen=True)
class Clock:
    """As `database.clock.SharedClock`, which asks seldom."""

    time: Callable[[], datetime]

    async def now(self) -> datetime:
        return self.time()
