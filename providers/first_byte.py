"""What is done in the last moment before the first byte of a call to a provider leaves.

Looking up the address, connecting and TLS lie before that moment, and nothing is awaited after it:
who dies or is stopped until then has certainly sent nothing.
"""

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
    """

    do: Callable[[], Awaitable[None]]
    is_past: bool = False
    is_refused: bool = False

    async def come(self) -> None:
        """Do it, unless it was done. Raises what it raises."""
        if self.is_past:
            return
        self.is_refused = True
        await self.do()
        self.is_past, self.is_refused = True, False

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
