"""Posts webhooks to the brand, with as many retries as the address asks for.

The fragment of the address holds the number, in one provider's format; other providers have none.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urldefrag

import httpx2

Sign = Callable[[str], Mapping[str, str]]
"""Returns the headers for a webhook to an address."""

TIMEOUT = httpx2.Timeout(15.0, connect=5.0)
PAUSE_SECONDS = 0.5
MOST_RETRIES = 5
UNLESS_TOLD = "ct,rt,5xx"


@dataclass(frozen=True)
class BrandAnswer:
    """The brand's last answer. `status` is None when the brand could not be reached."""

    status: int | None
    attempts: int
    media_type: str = ""
    body: str = ""

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class Retries:
    """How often to retry, and after which failures (`ct`, `rt`, `4xx`, `5xx`, `all`)."""

    count: int
    after: frozenset[str]

    def covers(self, failure: str) -> bool:
        return "all" in self.after or failure in self.after


@dataclass(frozen=True)
class WebhookClient:
    """Posts to the brand's addresses. `retries`: the number for addresses that name none."""

    http: httpx2.AsyncClient
    retries: int

    async def post(self, address: str, body: bytes, sign: Sign) -> BrandAnswer:
        """Post a signed body, with the retries of the address's fragment. Raises nothing."""
        url, fragment = urldefrag(address)
        retries = _retries(fragment, self.retries)
        headers = sign(str(httpx2.URL(url)))
        attempts = 0
        while True:
            attempts += 1
            failure, answer = await self._try(url, body, headers, attempts)
            if not retries.covers(failure) or attempts > retries.count:
                return answer
            await asyncio.sleep(PAUSE_SECONDS)

    async def _try(
        self, url: str, body: bytes, headers: Mapping[str, str], attempts: int
    ) -> tuple[str, BrandAnswer]:
        try:
            answer = await self.http.post(url, content=body, headers=headers, timeout=TIMEOUT)
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            return "ct", BrandAnswer(None, attempts)
        except httpx2.RequestError:
            return "rt", BrandAnswer(None, attempts)
        media_type = answer.headers.get("Content-Type", "").partition(";")[0]
        failure = "" if answer.is_success else f"{answer.status_code // 100}xx"
        return failure, BrandAnswer(answer.status_code, attempts, media_type, answer.text)


def _retries(fragment: str, default: int) -> Retries:
    overrides = parse_qs(fragment)
    count = overrides.get("rc", [""])[0]
    after = overrides.get("rp", [UNLESS_TOLD])[0]
    return Retries(
        min(int(count), MOST_RETRIES) if count.isdecimal() else default,
        frozenset(after.split(",")),
    )
