"""Fetches a consumer's file from its provider: bounded in size and time, from public hosts only."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpcore2
import httpx2

from media.addresses import AddressRefused, PublicOnly
from media.failures import FileUnfit, Reason

LARGEST = 20 * 1024 * 1024
"""Bytes of a file. Ours: providers pass on at most 5 MB of an MMS, and 16 MB from WhatsApp."""
SECONDS = 30.0
"""For all of it. Ours: 20 MB take 16 s at 10 Mbit/s."""
TIMEOUT = {"connect": 5.0, "read": 10.0, "write": 5.0, "pool": 15.0}
MOST_REDIRECTS = 4
"""Ours: storage of providers takes two."""
CONNECTIONS = 16
REDIRECTS = frozenset({301, 302, 303, 307, 308})
DEFAULT_PORTS = {"https": 443, "http": 80}
BY_STATUS = {
    401: Reason.credentials_refused,
    403: Reason.credentials_refused,
    404: Reason.not_there,
    410: Reason.not_there,
}
REFUSED_URL = (httpx2.InvalidURL, ValueError, UnicodeError)


@dataclass(frozen=True)
class Source:
    """Where a file is. `headers`: the credentials, for the provider's `own_hosts` only.

    `own_origin`: the connector's own address of its provider, in development. It may be on this
    machine.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    own_hosts: frozenset[str] = frozenset()
    own_origin: str | None = None

    def is_own_origin(self, url: httpx2.URL) -> bool:
        """Say whether a URL is at the connector's own address of its provider."""
        if self.own_origin is None:
            return False
        own = urlsplit(self.own_origin)
        wanted = (own.scheme, (own.hostname or "").lower(), own.port or DEFAULT_PORTS[own.scheme])
        return (url.scheme, url.host.lower(), _port(url)) == wanted

    def may_know_us(self, url: httpx2.URL) -> bool:
        """Say whether the credentials may be sent to a URL."""
        is_own_host = url.scheme == "https" and url.host.lower() in self.own_hosts
        return is_own_host or self.is_own_origin(url)


class Fetcher:
    """Fetches files. Close it at the end; the connections are shared between fetches."""

    def __init__(self) -> None:
        self._public = httpcore2.AsyncConnectionPool(
            network_backend=PublicOnly(), max_connections=CONNECTIONS
        )
        self._own = httpcore2.AsyncConnectionPool(max_connections=CONNECTIONS)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._public)
        await self._stack.enter_async_context(self._own)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def fetch(self, source: Source) -> bytes:
        """Return the file's bytes. Raises `FileUnfit`."""
        try:
            async with asyncio.timeout(SECONDS):
                return await self._follow(source)
        except AddressRefused as error:
            raise FileUnfit(Reason.address_refused) from error
        except (TimeoutError, httpcore2.TimeoutException) as error:
            raise FileUnfit(Reason.too_slow) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
            raise FileUnfit(Reason.unreachable) from error

    async def _follow(self, source: Source) -> bytes:
        url = _parsed(source.url)
        headers = dict(source.headers) if source.may_know_us(url) else {}
        for _ in range(MOST_REDIRECTS + 1):
            request = self._request(source, url, headers)
            pool = self._own if source.is_own_origin(url) else self._public
            async with _opened(pool, request) as response:
                if response.status not in REDIRECTS:
                    return await _body(response)
                url = _redirected(url, response)
            headers = {}  # credentials are for the first address alone
        raise FileUnfit(Reason.too_many_redirects)

    def _request(
        self, source: Source, url: httpx2.URL, headers: Mapping[str, str]
    ) -> httpcore2.Request:
        if not source.is_own_origin(url) and not _is_plain(url):
            raise FileUnfit(Reason.address_refused)
        asked = {"Host": url.netloc.decode("ascii"), "Accept": "*/*", "Accept-Encoding": "identity"}
        target = httpcore2.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        return httpcore2.Request(
            "GET",
            target,
            headers=list((asked | {"User-Agent": "Switchboard"} | dict(headers)).items()),
            extensions={"timeout": TIMEOUT},
        )


@asynccontextmanager
async def _opened(
    pool: httpcore2.AsyncConnectionPool, request: httpcore2.Request
) -> AsyncIterator[httpcore2.Response]:
    """Yield the answer, and close it whether its body was read to the end or not."""
    response = await pool.handle_async_request(request)
    try:
        yield response
    finally:
        await response.aclose()


async def _body(response: httpcore2.Response) -> bytes:
    """Read a body up to the limit, whatever length it announces."""
    if response.status != 200:
        reason = BY_STATUS.get(response.status, Reason.provider_error)
        raise FileUnfit(reason, response.status)
    if _header(response, b"content-encoding") not in (b"", b"identity"):
        raise FileUnfit(Reason.encoded)
    announced = _header(response, b"content-length")
    if announced.isdigit() and int(announced[:20]) > LARGEST:
        raise FileUnfit(Reason.too_large)
    taken = bytearray()
    async for chunk in response.aiter_stream():
        taken += chunk
        if len(taken) > LARGEST:
            raise FileUnfit(Reason.too_large)
    if not taken:
        raise FileUnfit(Reason.empty)
    return bytes(taken)


def _redirected(url: httpx2.URL, response: httpcore2.Response) -> httpx2.URL:
    """Return where an answer redirects to. Raises `FileUnfit` for what is no address."""
    location = _header(response, b"location")
    if not location:
        raise FileUnfit(Reason.provider_error, response.status)
    try:
        return url.join(location.decode("latin-1"))
    except REFUSED_URL as error:
        raise FileUnfit(Reason.address_refused) from error


def _parsed(url: str) -> httpx2.URL:
    try:
        parsed = httpx2.URL(url)
        _port(parsed)
    except (*REFUSED_URL, KeyError) as error:
        raise FileUnfit(Reason.address_refused) from error
    return parsed


def _is_plain(url: httpx2.URL) -> bool:
    """Say whether a URL is of a kind that we fetch: https, at its usual port, to a named host."""
    return url.scheme == "https" and bool(url.host) and url.port in (None, 443)


def _port(url: httpx2.URL) -> int:
    return url.port or DEFAULT_PORTS.get(url.scheme, 0)


def _header(response: httpcore2.Response, name: bytes) -> bytes:
    return next((value.strip() for key, value in response.headers if key.lower() == name), b"")
