"""Posting signed forms to the brand, as Twilio does.

https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urldefrag, urlencode
from uuid import uuid4

import httpx2
from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
)

Form = Sequence[tuple[str, str]]

TIMEOUT = httpx2.Timeout(15.0, connect=5.0)
PAUSE_SECONDS = 0.5
MOST_RETRIES = 5
UNLESS_TOLD = "ct,rt,5xx"


@dataclass(frozen=True)
class SharedKey:
    """A key that signs with SHA-256 in place of the auth token."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """What the brand said last. `status` is None when it could not be reached."""

    status: int | None
    attempts: int
    media_type: str = ""
    body: str = ""

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class Retries:
    """How often, and after which failures (`ct`, `rt`, `4xx`, `5xx`, `all`)."""

    count: int
    after: frozenset[str]

    def covers(self, failure: str) -> bool:
        return "all" in self.after or failure in self.after


@dataclass(frozen=True)
class Webhooks:
    """Posts forms to the brand's addresses. `retries` hold for an address that names none."""

    http: httpx2.AsyncClient
    shared_key: SharedKey | None
    retries: int

    async def post(self, address: str, form: Form, auth_token: str) -> Answer:
        """Post a form, again as often as the address's fragment asks. Raises nothing."""
        url, fragment = urldefrag(address)
        retries = _retries(fragment, self.retries)
        headers = self._headers(str(httpx2.URL(url)), form, auth_token)
        attempts = 0
        while True:
            attempts += 1
            failure, answer = await self._try(url, form, headers, attempts)
            if not retries.covers(failure) or attempts > retries.count:
                return answer
            await asyncio.sleep(PAUSE_SECONDS)

    async def _try(
        self, url: str, form: Form, headers: dict[str, str], attempts: int
    ) -> tuple[str, Answer]:
        try:
            answer = await self.http.post(
                url, content=urlencode(form), headers=headers, timeout=TIMEOUT
            )
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            return "ct", Answer(None, attempts)
        except httpx2.RequestError:
            return "rt", Answer(None, attempts)
        media_type = answer.headers.get("Content-Type", "").partition(";")[0]
        failure = "" if answer.is_success else f"{answer.status_code // 100}xx"
        return failure, Answer(answer.status_code, attempts, media_type, answer.text)

    def _headers(self, url: str, form: Form, auth_token: str) -> dict[str, str]:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": str(uuid4()),
        }
        if self.shared_key is None:
            return headers | {SIGNATURE_HEADER: _signature(auth_token, url, form, HMAC_SHA1)}
        signature = _signature(self.shared_key.secret, url, form, HMAC_SHA256)
        settings = f"key={self.shared_key.id},algorithm={HMAC_SHA256}"
        return headers | {SIGNATURE_HEADER: signature, SIGNATURE_SETTINGS_HEADER: settings}


def _signature(secret: str, url: str, form: Form, algorithm: str) -> str:
    return str(RequestValidator(secret).compute_signature(url, dict(form), algorithm))


def _retries(fragment: str, unless_told: int) -> Retries:
    overrides = parse_qs(fragment)
    count = overrides.get("rc", [""])[0]
    after = overrides.get("rp", [UNLESS_TOLD])[0]
    return Retries(
        min(int(count), MOST_RETRIES) if count.isdecimal() else unless_told,
        frozenset(after.split(",")),
    )
