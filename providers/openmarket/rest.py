"""A client of OpenMarket's API: hand a text over, and ask what became of it.

https://www.openmarket.com/docs/Content/apis/v4http/send-json.htm and get-status-json.htm
"""

from collections.abc import Mapping

import httpx2
from pydantic import JsonValue

from providers.calls import ApiAnswer, call
from providers.contract import SendError
from providers.failures import NOT_LET_IN, Failure, failed
from providers.openmarket.codes import from_answer
from providers.openmarket.description import OpenMarketCredentials
from providers.openmarket.documents import Element, Unreadable, read
from providers.openmarket.webhooks import CODES, TICKET

API_URL = "https://smsc.openmarket.com"
STATUS_URL = "https://mtstatus.openmarket.com"
TEXTS_PATH = "/sms/v4/mt"
NO_TICKET = "00000-00000-00000-00000"
HEADERS = {"Accept": "application/json"}
JSON_TYPE = {"Content-Type": "application/json; charset=UTF-8"}


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
        answer = await call(
            self._http,
            "POST",
            self._texts_url,
            json={"mobileTerminate": dict(text)},
            auth=self._auth,
            headers=HEADERS | JSON_TYPE,
        )
        ticket = _ticket(answer.location)
        if not answer.is_success or ticket is None:
            raise _error(answer)
        return ticket

    async def status(self, ticket: str) -> Element:
        """Return what OpenMarket tells of a text."""
        answer = await self._ask(ticket)
        if not answer.is_success or error_code(answer) is not None:
            raise _error(answer)
        try:
            return read(answer.body, answer.content_type)
        except Unreadable as error:
            raise failed(Failure.no_answer, f"HTTP {answer.status}") from error

    async def takes_credentials(self) -> bool:
        """Say whether OpenMarket accepts the log-in, by asking about a ticket that no text has."""
        answer = await self._ask(NO_TICKET)
        code = error_code(answer)
        if code is None and (answer.is_success or answer.status == 404):
            if "html" in answer.content_type:  # a page of somebody else
                raise failed(Failure.no_answer, f"HTTP {answer.status}")
            return True
        error = _error(answer)
        if error.code in NOT_LET_IN:
            return False
        if code is None:
            raise error
        return True

    async def _ask(self, ticket: str) -> ApiAnswer:
        url = f"{self._status_url}/{ticket}/status"
        return await call(self._http, "GET", url, auth=self._auth, headers=HEADERS)


def error_code(answer: ApiAnswer) -> str | None:
    """Return the code of OpenMarket's own error in an answer, which a proxy's does not have."""
    return next((code for one in _errors(answer) if (code := one.value(*CODES))), None)


def _error(answer: ApiAnswer) -> SendError:
    code = error_code(answer)
    described = (one.value("description", "message") for one in _errors(answer))
    words = next(filter(None, described), None) if code else None
    return from_answer(answer.status, code, answer.retry_after, words)


def _errors(answer: ApiAnswer) -> list[Element]:
    try:
        document = read(answer.body, answer.content_type)
    except Unreadable:
        return []
    errors = [one for one in document.walk() if one.name == "error"]
    return errors if answer.is_success else [*errors, document]


def _ticket(location: str) -> str | None:
    """Return the ticket in the address of an accepted text."""
    ticket = location.strip().rstrip("/").partition(f"{TEXTS_PATH}/")[2]
    return ticket if TICKET.fullmatch(ticket) else None
