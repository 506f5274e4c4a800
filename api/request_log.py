"""One log line per request, with an id that the answer carries too.

The path's template is logged, never the address itself: a query may hold a number.
"""

import re
import time
import traceback
from uuid import UUID, uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems, rate_limits
from api.errors import Fault
from domain.text.cards import has_card, is_id
from measuring.meters import Meters

HEADER = "X-Request-ID"
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}")
YEAR_SECONDS = 31_536_000
STREAM = "text/event-stream"
QUIET = frozenset({"/health/live", "/health/ready"})

log = structlog.stdlib.get_logger()


class RequestLog:
    """ASGI middleware: request id, security headers, the log line, and the last resort."""

    def __init__(self, app: ASGIApp, *, https_only: bool, meters: Meters | None = None) -> None:
        self.app = app
        self._meters = meters or Meters()
        self._https_only = https_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(scope, send, https_only=self._https_only)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=exchange.request_id)
        try:
            await self.app(scope, receive, exchange.send)
        except ClientDisconnect:
            # The caller went away or took too long: there is nobody to answer.
            log.info("request_cut_off", method=scope["method"], route=_template(scope))
        except Exception as error:
            # Logged without its message, which may quote a text or a number.
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("request_failed", error=type(error).__name__, frames=frames)
            if exchange.status is None:
                await _failed(scope)(scope, receive, exchange.send)
        finally:
            exchange.log()
            if exchange.is_measured:
                self._meters.request(exchange.status, exchange.seconds)


class _Exchange:
    """A request and what was answered to it."""

    def __init__(self, scope: Scope, send: Send, *, https_only: bool) -> None:
        offered = Headers(scope=scope).get(HEADER, "")
        self.request_id = offered if _is_fit(offered) else uuid4().hex
        self.status: int | None = None
        self._is_stream = False
        self._scope, self._send = scope, send
        self._https_only = https_only
        self._began = time.perf_counter()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            headers = MutableHeaders(scope=message)
            self._is_stream = headers.get("Content-Type", "").startswith(STREAM)
            headers[HEADER] = self.request_id
            headers.update(rate_limits.told(self._scope.get("state", {})))
            headers["X-Content-Type-Options"] = "nosniff"
            headers.setdefault("Cache-Control", "no-store")
            if self._https_only:
                headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
        await self._send(message)

    def log(self) -> None:
        route = _template(self._scope)
        if route in QUIET:
            return
        log.info(
            "request_finished",
            method=self._scope["method"],
            route=route,
            status=self.status,
            milliseconds=round(self.seconds * 1000, 1),
            **_conversation_of(self._scope),
        )

    @property
    def is_measured(self) -> bool:
        """Whether its time says something: webhooks are measured apart, and streams stay open."""
        is_ours = not self._scope["path"].startswith(("/webhooks/", "/health/"))
        return is_ours and not self._is_stream

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._began


def _is_fit(offered: str) -> bool:
    """Say whether an id is kept as it was offered: it gets into logs, and into the audit log."""
    return ACCEPTED.fullmatch(offered) is not None and (is_id(offered) or not has_card(offered))


def _conversation_of(scope: Scope) -> dict[str, str]:
    """Return the id of the conversation that a request is about, if it is one."""
    offered = str(scope.get("path_params", {}).get("conversation_id", ""))
    try:
        return {"conversation_id": str(UUID(offered))}
    except ValueError:
        return {}


def _template(scope: Scope) -> str:
    """Return the path without what was filled into it: people put numbers where ids belong."""
    if "endpoint" not in scope:
        return "unknown"
    path = f"{scope['path']}/"
    for name, value in scope.get("path_params", {}).items():
        path = path.replace(f"/{value}/", f"/{{{name}}}/")
    return path.removesuffix("/")


def _failed(scope: Scope) -> problems.ProblemResponse:
    return problems.answer(Request(scope), Fault.status, Fault.code, Fault.sentence)
