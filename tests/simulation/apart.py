"""A coroutine with context variables of its own, as each task has them."""

from collections.abc import Coroutine
from contextvars import Context, copy_context
from typing import Any


class Apart:
    """Runs a coroutine by steps; what it sets for itself, others that run meanwhile do not see."""

    def __init__(self, under_way: Coroutine[Any, Any, Any]) -> None:
        self._under_way = under_way
        self._context: Context = copy_context()

    def send(self, value: None) -> Any:
        """Run it to its next pause. Raises `StopIteration` with what it returns."""
        return self._context.run(self._under_way.send, value)

    def close(self) -> None:
        """End it where it stands."""
        self._context.run(self._under_way.close)

    def __del__(self) -> None:
        self.close()
