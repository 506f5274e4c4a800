"""What is done in the last moment before the first byte of a call to a provider leaves.

Looking up the address, connecting and TLS lie before that moment, and nothing is awaited after it:
who dies or is stopped until then has certainly sent nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

BEGINS = ".send_request_headers.started"
"""How the names of the HTTP client's events end that say that a request is about to be written.
https://www.encode.io/httpcore/extensions/#trace
"""


@dataclass
class FirstByte:
    """What is to be done before the first byte, and how far that is.

    `is_past`: it was done. `is_refused`: it raised, which ended the call before anything was sent.
    `limit`: of the call, which does not run meanwhile: the provider is not to blame for that time.
    """

    do: Callable[[], Awaitable[None]]
    is_past: bool = False
    is_refused: bool = False
    limit: asyncio.Timeout | None = None

    async def come(self) -> None:
        """Do it, unless it was done. Raises what it raises."""
        if self.is_past:
            return
        self.is_refused = True
        with self._stopped():
            await self.do()
        self.is_past, self.is_refused = True, False

    @contextmanager
    def _stopped(self) -> Iterator[None]:
        ends = self.limit.when() if self.limit else None
        if self.limit is None or ends is None:
            yield
            return
        clock = asyncio.get_running_loop()
        began = clock.time()
        self.limit.reschedule(None)
        yield
        self.limit.reschedule(ends + clock.time() - began)

    async def heard(self, event: str, _: Mapping[str, Any]) -> None:
        """Hear of an event of the HTTP client."""
        if event.endswith(BEGINS):
            await self.come()


_awaited: ContextVar[FirstByte | None] = ContextVar("first_byte", default=None)


@contextmanager
def before_first_byte(do: Callable[[], Awaitable[None]]) -> Iterator[FirstByte]:
    """Await `do` once, before the first byte of all calls made inside.

    What it raises ends the call, which then raises it.
    """
    first = FirstByte(do)
    before = _awaited.set(first)
    try:
        yield first
    finally:
        _awaited.reset(before)


def awaited() -> FirstByte | None:
    """Return what the call that is made now must do first."""
    return _awaited.get()
