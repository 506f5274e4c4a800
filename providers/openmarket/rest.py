"""A client of OpenMarket's API: hand a text over, and ask what became of it.

https://www.openmarket.com/docs/Content/apis/v4http/send-json.htm and get-status-json.htm
"""

import math
from collections.abc import Mapping

import httpx2
from pydantic import JsonValue

from providers.contract import SendError
from providers.openmarket.codes import from_answer
from providers.openmarket.description import OpenMarketCredentials
from providers.openmarket.documents import Element, Unreadable, read
from providers.openmarket.failures import Failure, failed
from providers.openmarket.webhooks import CODES, TICKET

API_URL = "https://smsc.openmarket.com"
STATUS_URL = "https://mtstatus.openmarket.com"
TEXTS_PATH = "/sms/v4/mt"
NO_TICKET = "00000-00000-00000-00000"
# The adapter limits the whole call. Connecting has a shorter limit, so that "never connected" and
# "no answer" can be told apart.
TIMEOUT = httpx2.Timeout(10.0, connect=4.0, pool=4.0)
NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)
JSON_TYPE = "application/json; charset=UTF-8"


class TextsApi:
    """One account's texts. Every method raises `SendError`."""

    def __init__(self, http: httpx2.AsyncClient, credentials: OpenMarketCredentials) -> None:
        self._http = http
        own_url = credentials.api_url
        self._texts_url = (own_url or API_URL).rstrip("/") + TEXTS_PATH
        self._status_url = (own_url or STATUS_URL).rstrip("/") + TEXTS_PATH
        self._auth = (credentials.account_id, credentials.password)

    async def submit(self, text: Mapping[str, JsonValue]) -> str:
        """Hand a text over; returns its ticket."""
        answer = await self._request("POST", self._texts_url, {"mobileTerminate": dict(text)})
        ticket = _ticket(answer.headers.get("Location", ""))
        if not answer.is_success or ticket is None:
            raise _error(answer)
        return ticket

    async def status(self, ticket: str) -> Element:
        """Return what OpenMarket tells of a text."""
        answer = await self._request("GET", f"{self._status_url}/{ticket}/status")
        if not answer.is_success or error_code(answer) is not None:
            raise _error(answer)
        try:
            return read(answer.content, answer.headers.get("Content-Type", ""))
        except Unreadable as error:
            raise failed(Failure.no_answer, f"HTTP {answer.status_code}") from error

    async def takes_credentials(self) -> bool:
        """Say whether OpenMarket accepts the log-in, by asking about a ticket that no text has."""
        answer = await self._request("GET", f"{self._status_url}/{NO_TICKET}/status")
        if error_code(answer) is None and (answer.is_success or answer.status_code == 404):
            if "html" in answer.headers.get("Content-Type", ""):  # a page of somebody else
                raise failed(Failure.no_answer, f"HTTP {answer.status_code}")
            return True
        error = _error(answer)
        if error.code == Failure.account_refused:
            return False
        if error_code(answer) is None:
            raise error
        return True

    async def _request(
        self, method: str, url: str, body: dict[str, JsonValue] | None = None
    ) -> httpx2.Response:
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = JSON_TYPE
        try:
            return await self._http.request(
                method, url, json=body, headers=headers, auth=self._auth, timeout=TIMEOUT
            )
        except NEVER_SENT as error:
            raise failed(Failure.provider_unreachable) from error
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise failed(Failure.account_refused) from error
        except httpx2.RequestError as error:
            raise failed(Failure.no_answer) from error


def error_code(answer: httpx2.Response) -> str | None:
    """Return the code of OpenMarket's own error in an answer, which a proxy's does not have."""
    try:
        document = read(answer.content, answer.headers.get("Content-Type", ""))
    except Unreadable:
        return None
    errors = [one for one in document.walk() if one.name == "error"]
    if not answer.is_success:
        errors.append(document)
    return next((code for one in errors if (code := one.value(*CODES))), None)


def _error(answer: httpx2.Response) -> SendError:
    return from_answer(answer.status_code, error_code(answer), _retry_after(answer))


def _ticket(location: str) -> str | None:
    ticket = location.strip().rstrip("/").rpartition("/")[2]
    return ticket if TICKET.fullmatch(ticket) else None


def _retry_after(answer: httpx2.Response) -> float | None:
    try:
        seconds = float(answer.headers.get("Retry-After", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
