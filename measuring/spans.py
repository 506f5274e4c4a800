"""Traces of texts: what happened to one, in whichever process, as one trace.

A trace's id is the text's own id. So every process knows it without being told, whatever lies
between them: a queue, a database, a restart. Texts that answer a consumer's text in the same step
belong to its trace. Without an address to send them to, nothing is recorded.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

import structlog

PARAMETER = "trace"
"""In the address that delivery reports are posted to."""
CURRENT: ContextVar[str | None] = ContextVar("trace of a text", default=None)

Value = str | int


class Spans:
    """Records nothing. `measuring.otlp.OtlpSpans` records, and sends."""

    def begun(self, name: str, text_id: str, since: datetime, **attributes: Value) -> None:
        """Record how a text's trace began: a span from `since` until now, the parent of others."""

    @contextmanager
    def of(self, name: str, text_id: str, **attributes: Value) -> Iterator[None]:  # noqa: ARG002
        """Record what happens inside as part of a text's trace, and name the trace in logs."""
        yield

    def current(self) -> str | None:
        """Return the trace that is recorded here, by its text's id."""
        return CURRENT.get()

    def close(self) -> None:
        """Send what is still here."""


@contextmanager
def named(text_id: str) -> Iterator[None]:
    """Name a trace in logs, and for whoever asks for the current one."""
    token = CURRENT.set(text_id)
    try:
        with structlog.contextvars.bound_contextvars(trace_id=trace_id_of(text_id)):
            yield
    finally:
        CURRENT.reset(token)


def trace_id_of(text_id: str) -> str:
    """Return a text's trace id: its own without hyphens."""
    return UUID(text_id).hex
