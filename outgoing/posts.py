"""Posts to addresses that others chose: checked ones only, within one deadline."""

import asyncio
import ssl
import time
from collections.abc import Collection, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import httpcore2

from domain.endpoints.outcomes import PostOutcome as PostOutcome
from domain.endpoints.urls import PUBLIC_PORTS, ReceiverUrl, UrlRefused, receiver_url
from media.addresses import AddressRefused, Network, PublicOnly

IDLE_SECONDS = 4.0
"""How long a connection is kept for the next post. Ours: below the 5 s after which Node.js closes
it. Longer than towards providers (`runtime.http`): a post that meets its end is simply repeated.
https://nodejs.org/api/http.html#serverkeepalivetimeout
"""
KEPT_CONNECTIONS = 100
SLOWEST_CONNECT = 5.0
"""Seconds to connect to one address, so that the next address of a name is tried in time. Ours."""


@dataclass(frozen=True)
class Post:
    """One attempt to post. `headers`: besides those of every request."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    method: str = "POST"


@dataclass(frozen=True)
class PostResult:
    """What a receiver answered. `body`: its first bytes; `is_whole`: there were no more.

    `retry_after`: seconds the receiver asks to wait, if it does. `headers`: with names in lower
    case.
    """

    outcome: PostOutcome
    milliseconds: int
    status: int | None = None
    body: bytes = field(default=b"", repr=False)
    is_whole: bool = True
    retry_after: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass
class _Answer:
    """What has been read of an answer: kept outside, so that a deadline leaves it there."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    is_whole: bool = False


class Posts:
    """Posts to receivers. Close it at the end; connections are kept for the next post.

    `own_networks`: private networks that the installation allows.
    """

    def __init__(self, own_networks: Collection[Network] = ()) -> None:
        self.has_own_networks = bool(own_networks)
        self._stack = AsyncExitStack()
        self._pools = {
            "https": _pool(PublicOnly(own_networks, PUBLIC_PORTS)),
            # Unencrypted only within the installation's own networks.
            "http": _pool(PublicOnly(own_networks, ())),
        }

    async def __aenter__(self) -> Self:
        for pool in self._pools.values():
            await self._stack.enter_async_context(pool)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def send(self, post: Post, *, seconds: float, keep: int) -> PostResult:
        """Post once, whatever comes back. `seconds`: for all of it; `keep`: bytes of the answer.

        An answer that is longer is read no further.
        """
        began, answer = time.monotonic(), _Answer()
        try:
            async with asyncio.timeout(seconds):
                await self._exchange(post, answer, keep)
            outcome = _outcome(answer.status)
        except (AddressRefused, UrlRefused):
            outcome = PostOutcome.address_refused
        except (TimeoutError, httpcore2.TimeoutException):
            outcome = PostOutcome.too_slow
        except httpcore2.ConnectError as error:
            outcome = PostOutcome.no_tls if _is_tls(error) else PostOutcome.unreachable
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
            outcome = PostOutcome.no_tls if _is_tls(error) else PostOutcome.broken
        return PostResult(
            outcome=outcome,
            milliseconds=round((time.monotonic() - began) * 1000),
            status=answer.status,
            body=bytes(answer.body[:keep]),
            is_whole=answer.is_whole,
            retry_after=_retry_after(answer.headers.get("retry-after", "")),
            headers=answer.headers,
        )

    async def _exchange(self, post: Post, answer: _Answer, keep: int) -> None:
        url = receiver_url(post.url, has_own_networks=self.has_own_networks)
        response = await self._pools[url.scheme].handle_async_request(_request(url, post))
        try:
            answer.status = response.status
            answer.headers = _headers(response)
            async for chunk in response.aiter_stream():
                answer.body += chunk
                if len(answer.body) > keep:
                    return
            answer.is_whole = True
        finally:
            await response.aclose()


def _pool(network: PublicOnly) -> httpcore2.AsyncConnectionPool:
    # Callers bound how much they post at once: a slow receiver must not use up the connections.
    return httpcore2.AsyncConnectionPool(
        network_backend=network,
        max_connections=None,
        max_keepalive_connections=KEPT_CONNECTIONS,
        keepalive_expiry=IDLE_SECONDS,
    )


def _request(url: ReceiverUrl, post: Post) -> httpcore2.Request:
    headers = {
        "Host": url.authority,
        "Content-Length": str(len(post.body)),
        "Accept-Encoding": "identity",
        "User-Agent": "Switchboard",
        **post.headers,
    }
    target = httpcore2.URL(
        scheme=url.scheme.encode(),
        host=url.host.encode(),
        port=url.port,
        target=url.target.encode(),
    )
    return httpcore2.Request(
        post.method,
        target,
        headers=list(headers.items()),
        content=post.body,
        extensions={"timeout": {"connect": SLOWEST_CONNECT}},
    )


def _outcome(status: int | None) -> PostOutcome:
    match status:
        case 410:
            return PostOutcome.gone
        case 429:
            return PostOutcome.throttled
    match (status or 0) // 100:
        case 2:
            return PostOutcome.taken
        case 3:
            return PostOutcome.redirected
        case 5:
            return PostOutcome.failed
    return PostOutcome.refused


def _retry_after(written: str) -> float | None:
    """Return the seconds that `Retry-After` names: as a number, or until a time (RFC 9110)."""
    if written.isascii() and written.isdigit():
        return float(written[:9])
    try:
        until = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max((until - datetime.now(UTC)).total_seconds(), 0.0)


def _is_tls(error: BaseException) -> bool:
    """Say whether a failure of the connection was one of TLS."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _headers(response: httpcore2.Response) -> Mapping[str, str]:
    return {
        name.decode("latin-1").lower(): value.decode("latin-1").strip()
        for name, value in reversed(response.headers)  # the first of a name counts
    }
