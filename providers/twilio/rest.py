"""A client of Twilio's messages resource: a form POST to send, a paged list to look up.

We do not use Twilio's own client: its asynchronous one ignores its time limit and, when told to
retry, posts a text again after a 5xx.
https://www.twilio.com/docs/messaging/api/message-resource
"""

import math
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
from pydantic import BaseModel, Field, ValidationError

from providers.twilio.description import TwilioCredentials
from providers.twilio.errors import from_answer
from providers.twilio.failures import Failure, failed

API_URL = "https://api.twilio.com"
# The adapter limits the whole call. Connecting has a shorter limit, so that "never connected" and
# "no answer" can be told apart.
TIMEOUT = httpx2.Timeout(10.0, connect=4.0, pool=4.0)
NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)
PAGE_SIZE = 100


class MessageResource(BaseModel):
    """A message as Twilio keeps it."""

    sid: str = Field(pattern=r"^(SM|MM)[0-9a-fA-F]{32}$")
    status: str
    body: str | None = None
    direction: str | None = None
    to: str | None = None
    date_created: str | None = None
    error_code: int | str | None = None
    num_media: str | None = None

    @property
    def created_at(self) -> datetime | None:
        """When Twilio created it, to the second; None if Twilio does not say."""
        try:
            return parsedate_to_datetime(self.date_created or "").astimezone(UTC)
        except ValueError:
            return None


class MessagePage(BaseModel):
    messages: list[MessageResource]
    next_page_uri: str | None = None


class ErrorBody(BaseModel):
    """The body of Twilio's own errors, which a proxy's error does not have.

    `message` in the 2010 API, `title` where errors are problem details (RFC 9457).
    """

    code: int = Field(ge=10_000, le=999_999)  # smaller ones are HTTP's, which proxies use
    message: str | None = None
    title: str | None = None


class MessagesApi:
    """One account's messages resource. Every method raises `SendError`."""

    def __init__(self, http: httpx2.AsyncClient, credentials: TwilioCredentials) -> None:
        self._http = http
        self._url = (credentials.api_url or API_URL).rstrip("/")
        self._path = f"/2010-04-01/Accounts/{credentials.account_sid}/Messages.json"
        self._auth = credentials.log_in

    async def create(self, form: Mapping[str, str | Sequence[str]]) -> MessageResource:
        return _message(await self._request("POST", self._path, form=form))

    async def fetch(self, sid: str) -> MessageResource:
        path = f"{self._path.removesuffix('.json')}/{sid}.json"
        return _message(await self._request("GET", path))

    async def pages(
        self, filters: Mapping[str, str], most: int, *, size: int = PAGE_SIZE
    ) -> AsyncIterator[list[MessageResource]]:
        """Yield the messages that match, newest first, a page at a time, `most` pages."""
        query = httpx2.QueryParams({**filters, "PageSize": str(size)})
        uri = f"{self._path}?{query}"
        for _ in range(most):
            answer = await self._request("GET", uri)
            try:
                page = MessagePage.model_validate_json(answer.content)
            except ValidationError as error:
                raise failed(Failure.no_answer, f"HTTP {answer.status_code}") from error
            yield page.messages
            # Only a path below our account: credentials go nowhere else.
            uri = page.next_page_uri or ""
            if not uri.startswith(self._path):
                return

    async def _request(
        self, method: str, uri: str, form: Mapping[str, str | Sequence[str]] | None = None
    ) -> httpx2.Response:
        try:
            answer = await self._http.request(
                method, self._url + uri, data=form, auth=self._auth, timeout=TIMEOUT
            )
        except NEVER_SENT as error:
            raise failed(Failure.provider_unreachable) from error
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise failed(Failure.account_refused) from error
        except httpx2.RequestError as error:
            raise failed(Failure.no_answer) from error
        if not answer.is_success:
            raise from_answer(answer.status_code, _error_code(answer), _retry_after(answer))
        return answer


def _message(answer: httpx2.Response) -> MessageResource:
    try:
        return MessageResource.model_validate_json(answer.content)
    except ValidationError as error:
        raise failed(Failure.no_answer, f"HTTP {answer.status_code}") from error


def _error_code(answer: httpx2.Response) -> int | None:
    try:
        body = ErrorBody.model_validate_json(answer.content)
    except ValidationError:
        return None
    return None if body.message is None and body.title is None else body.code


def _retry_after(answer: httpx2.Response) -> float | None:
    """Return the seconds Twilio asks us to wait. Twilio does not send the header as a date."""
    try:
        seconds = float(answer.headers.get("Retry-After", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
