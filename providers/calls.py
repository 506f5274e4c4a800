"""Calls to providers' APIs: made once, bounded in time and size, every failure as a `SendError`.

Adapters call through here, so that "never connected" and "no answer" mean the same at each.
"""

import asyncio
import json as json_format
import math
import time
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx2
from pydantic import JsonValue

from providers.contract import SendError, SendOutcome
from providers.failures import Failure, failed
from providers.first_byte import awaited

CALL_SECONDS = 10.0
"""The longest time of a send, look-up or check as a whole."""
TIMEOUT = httpx2.Timeout(CALL_SECONDS, connect=4.0, pool=4.0)
"""Connecting has a shorter limit, so that "never connected" and "no answer" can be told apart."""
NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)
LONGEST_WAIT = 24 * 3600.0
"""Seconds that a provider may ask us to wait. Ours: by then a person has looked at it."""
LARGEST_ANSWER = 4 * 1024 * 1024
"""The most bytes read of an answer. Ours: a page of a hundred long texts has about one million."""
PLAIN = {"Accept-Encoding": "identity"}
"""Asks for answers that are not compressed, so that their size is what we read."""

T = TypeVar("T")


@dataclass(frozen=True)
class ApiAnswer:
    """A provider's answer. `body`: at most `LARGEST_ANSWER` bytes; `retry_after`: seconds.

    `location`, `content_type`: the headers, empty if there are none.
    """

    status: int
    body: bytes
    retry_after: float | None = None
    location: str = ""
    content_type: str = ""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True)
class CallMade:
    """A request as it was sent, without log-in and headers, and its answer, if there was one.

    `body`: of the request, a form or JSON.
    """

    method: str
    url: str
    body: str
    at: datetime
    took: timedelta
    answer: ApiAnswer | None


MOST_KEPT = 10
"""Calls of one send or look-up that are remembered. Ours: a look-up reads at most five pages."""

_made: ContextVar[list[CallMade] | None] = ContextVar("calls_made", default=None)


@contextmanager
def remembered() -> Iterator[Sequence[CallMade]]:
    """Remember the calls made inside, in order, whatever becomes of them."""
    calls: list[CallMade] = []
    before = _made.set(calls)
    try:
        yield calls
    finally:
        _made.reset(before)


async def call(
    http: httpx2.AsyncClient,
    method: str,
    url: str,
    *,
    form: Mapping[str, str | Sequence[str]] | None = None,
    json: JsonValue = None,
    auth: tuple[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> ApiAnswer:
    """Make one request, and return the answer whatever its status. Redirects are not followed.

    Raises `SendError`: `not_processed` if the provider was never reached, otherwise `ambiguous`.
    """
    at, began, answer, first = datetime.now(UTC), time.monotonic(), None, awaited()
    try:
        answer = await _call(http, method, url, form=form, json=json, auth=auth, headers=headers)
        return answer
    finally:
        calls = None if first and first.is_refused else _made.get()
        if calls is not None and len(calls) < MOST_KEPT:
            took = timedelta(seconds=time.monotonic() - began)
            calls.append(CallMade(method, url, _body(form, json), at, took, answer))


def _body(form: Mapping[str, str | Sequence[str]] | None, json: JsonValue) -> str:
    if form is not None:
        return urlencode(form, doseq=True)
    return "" if json is None else json_format.dumps(json)


async def _call(
    http: httpx2.AsyncClient,
    method: str,
    url: str,
    *,
    form: Mapping[str, str | Sequence[str]] | None,
    json: JsonValue,
    auth: tuple[str, str] | None,
    headers: Mapping[str, str] | None,
) -> ApiAnswer:
    sent = {**PLAIN, **(headers or {})}
    try:
        async with http.stream(
            method,
            url,
            data=form,
            json=json,
            auth=auth,
            headers=sent,
            timeout=TIMEOUT,
            follow_redirects=False,
            extensions=_heard(),
        ) as answer:
            return ApiAnswer(
                answer.status_code,
                await _start(answer),
                _retry_after(answer),
                answer.headers.get("Location", ""),
                answer.headers.get("Content-Type", ""),
            )
    except NEVER_SENT as error:
        raise failed(Failure.provider_unreachable) from error
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
        raise failed(Failure.account_refused) from error
    except httpx2.RequestError as error:
        raise failed(Failure.no_answer) from error


def _heard() -> dict[str, Any]:
    first = awaited()
    return {"trace": first.heard} if first else {}


@asynccontextmanager
async def _stops(limit: asyncio.Timeout) -> AsyncIterator[None]:
    """Have a limit not run while what comes before the first byte is done."""
    first = awaited()
    if first:
        first.limit = limit
    try:
        yield
    finally:
        if first:
            first.limit = None


async def in_time(calls: Awaitable[T], seconds: float | None = None) -> T:
    """Return what one or more calls return, within ten seconds together, or as long as is said.

    Raises `SendError`.
    """
    try:
        async with asyncio.timeout(seconds or CALL_SECONDS) as limit, _stops(limit):
            return await calls
    except TimeoutError as error:
        raise failed(Failure.no_answer) from error


async def asked(question: Awaitable[T]) -> T:
    """Return the answer to a question about a text, in time.

    Raises `SendError`, always as ambiguous: a failed question says nothing about the text.
    """
    try:
        return await in_time(question)
    except SendError as error:
        raise replace(error, outcome=SendOutcome.ambiguous) from error


async def _start(answer: httpx2.Response) -> bytes:
    """Return the body, or its beginning if it is too large; nothing of a compressed one."""
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        return b""
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) >= LARGEST_ANSWER:
            break
    return bytes(body[:LARGEST_ANSWER])


def _retry_after(answer: httpx2.Response) -> float | None:
    """Return the seconds to wait. The providers that we know do not send the header as a date."""
    try:
        seconds = float(answer.headers.get("Retry-After", ""))
    except ValueError:
        return None
    return min(seconds, LONGEST_WAIT) if math.isfinite(seconds) and seconds >= 0 else None
