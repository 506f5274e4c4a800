"""Sends traces to a collector over OTLP; needs the extra `traces`."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from time import time_ns
from uuid import UUID

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from measuring.spans import Spans, Value, named

SECONDS = 5
"""Ours: for one post to the collector, which happens in a thread of its own."""
_NEXT: ContextVar[tuple[int, int] | None] = ContextVar("ids of the next span", default=None)


class _Ids(RandomIdGenerator):
    """Gives the first span of a text's trace the ids that other processes know it by."""

    def generate_span_id(self) -> int:
        wanted = _NEXT.get()
        return wanted[1] if wanted else super().generate_span_id()

    def generate_trace_id(self) -> int:
        wanted = _NEXT.get()
        return wanted[0] if wanted else super().generate_trace_id()


class OtlpSpans(Spans):
    """Records the share of texts whose ids say so: all processes choose the same ones."""

    def __init__(self, endpoint: str, share: float, resource: dict[str, str]) -> None:
        self._share = share
        self._provider = TracerProvider(
            id_generator=_Ids(), resource=Resource.create(resource), shutdown_on_exit=False
        )
        exporter = OTLPSpanExporter(endpoint, timeout=SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("switchboard")

    def _is_recorded(self, text_id: str) -> bool:
        """Say whether a text is within the share."""
        drawn = hashlib.sha256(UUID(text_id).bytes).digest()
        return int.from_bytes(drawn[:8]) < self._share * 2**64

    def begun(self, name: str, text_id: str, since: datetime, **attributes: Value) -> None:
        """Record the first span of a trace, which began at `since` and ends now."""
        if not self._is_recorded(text_id):
            return
        token = _NEXT.set(_ids_of(text_id))
        try:
            span = self._tracer.start_span(
                name,
                Context(),
                attributes={**attributes, "message_id": text_id},
                start_time=int(since.timestamp() * 1e9),
            )
        finally:
            _NEXT.reset(token)
        span.end(time_ns())

    @contextmanager
    def of(self, name: str, text_id: str, **attributes: Value) -> Iterator[None]:
        """Record a span below the first one."""
        if not self._is_recorded(text_id):
            yield
            return
        told = {"message_id": text_id, **attributes}
        span = self._tracer.start_span(name, _below_the_first(text_id), attributes=told)
        try:
            with named(text_id):
                yield
        except Exception as error:
            # Its words may quote a number or a text.
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
        finally:
            span.end()

    def close(self) -> None:
        """Send what is still here."""
        self._provider.shutdown()


def _ids_of(text_id: str) -> tuple[int, int]:
    text = UUID(text_id)
    first = hashlib.sha256(b"first span/" + text.bytes).digest()
    return text.int, int.from_bytes(first[:8])


def _below_the_first(text_id: str) -> Context:
    trace, span = _ids_of(text_id)
    flags = TraceFlags(TraceFlags.SAMPLED)
    return set_span_in_context(
        NonRecordingSpan(SpanContext(trace, span, is_remote=True, trace_flags=flags)), Context()
    )
