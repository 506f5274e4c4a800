"""A client of Twilio's messages resource: a form POST to send, a paged list to look up.

We do not use Twilio's own client: its asynchronous one ignores its time limit and, when told to
retry, posts a text again after a 5xx.
https://www.twilio.com/docs/messaging/api/message-resource
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx2
from pydantic import BaseModel, Field, ValidationError

from providers.billing import Billing, amount, currency, whole
from providers.calls import ApiAnswer, call
from providers.contract import SendError
from providers.failures import Failure, failed
from providers.twilio.description import TwilioCredentials
from providers.twilio.errors import from_answer

M = TypeVar("M", bound=BaseModel)

API_URL = "https://api.twilio.com"
PAGE_SIZE = 100


class MessageResource(BaseModel):
    """A message as Twilio keeps it."""

    sid: str = Field(pattern=r"^(SM|MM)[0-9a-fA-F]{32}$")
    status: str
    body: str | None = None
    direction: str | None = None
    sender: str | None = Field(default=None, alias="from")
    to: str | None = None
    messaging_service_sid: str | None = None
    num_media: str | int | None = None
    date_created: str | None = None
    error_code: int | str | None = None
    error_message: str | None = None
    num_segments: int | str | None = None
    price: str | float | None = None
    price_unit: str | None = None

    @property
    def has_media(self) -> bool:
        return str(self.num_media or "0") != "0"

    @property
    def created_at(self) -> datetime | None:
        """When Twilio created it, to the second; None if Twilio does not say."""
        try:
            return parsedate_to_datetime(self.date_created or "").astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    @property
    def billing(self) -> Billing | None:
        """What it costs. Twilio counts no segments before a service chose a sender (0)."""
        segments, price = whole(self.num_segments), amount(self.price)
        if not segments and price is None:
            return None
        return Billing(
            segments or None, price, currency(self.price_unit) if price is not None else None
        )


class MessagePage(BaseModel):
    messages: list[MessageResource]
    next_page_uri: str | None = None


class Media(BaseModel):
    """An attachment of a message; `uri` is a path below the API's address."""

    content_type: str
    uri: str


class MediaPage(BaseModel):
    media_list: list[Media]


class ErrorBody(BaseModel):
    """The body of Twilio's own errors, which a proxy's error does not have.

    `message` in the 2010 API, `title` where errors are problem details (RFC 9457).
    """

    code: int = Field(ge=10_000, le=999_999)  # smaller ones are HTTP's, which proxies use
    message: str | None = None
    title: str | None = None
    detail: str | None = None


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
        found = _message(await self._request("GET", path))
        if found.sid.lower() != sid.lower():
            raise failed(Failure.no_answer, "Another message")
        return found

    async def newest(self) -> None:
        """List one message, which shows that the account and its secret are accepted."""
        _read(MessagePage, await self._request("GET", f"{self._path}?PageSize=1"))

    async def pages(
        self, filters: Mapping[str, str], most: int
    ) -> AsyncIterator[list[MessageResource]]:
        """Yield the messages that match, newest first, a page at a time, `most` pages."""
        uri: str | None = None
        for _ in range(most):
            page = await self.page(filters, uri)
            yield page.messages
            uri = page.next_page_uri
            if uri is None:
                return

    async def page(self, filters: Mapping[str, str], uri: str | None) -> MessagePage:
        """Return a page of the messages that match: the newest, or the page at `uri`."""
        if uri is None:
            query = httpx2.QueryParams({**filters, "PageSize": str(PAGE_SIZE)})
            uri = f"{self._path}?{query}"
        page = _read(MessagePage, await self._request("GET", uri))
        # Only a path below our account: credentials go nowhere else.
        if page.next_page_uri and page.next_page_uri.startswith(self._path):
            return page
        return page.model_copy(update={"next_page_uri": None})

    async def media(self, sid: str) -> list[tuple[str, str]]:
        """Return address and content type of each attachment of a message, as webhooks do."""
        path = f"{self._path.removesuffix('.json')}/{sid}"
        page = _read(MediaPage, await self._request("GET", f"{path}/Media.json"))
        found = [(one.uri.removesuffix(".json"), one.content_type) for one in page.media_list]
        return [(self._url + uri, kind) for uri, kind in found if uri.startswith(path)]

    async def _request(
        self, method: str, uri: str, form: Mapping[str, str | Sequence[str]] | None = None
    ) -> ApiAnswer:
        answer = await call(self._http, method, self._url + uri, form=form, auth=self._auth)
        if not answer.is_success:
            raise error_of(answer)
        return answer


def error_of(answer: ApiAnswer) -> SendError:
    """Return the error that an answer other than a success means."""
    code, told = _error(answer)
    return from_answer(answer.status, code, answer.retry_after, told)


def _message(answer: ApiAnswer) -> MessageResource:
    return _read(MessageResource, answer)


def _read(kind: type[M], answer: ApiAnswer) -> M:
    try:
        return kind.model_validate_json(answer.body)
    except ValidationError as error:
        raise failed(Failure.no_answer, f"HTTP {answer.status}") from error


def _error(answer: ApiAnswer) -> tuple[int | None, str | None]:
    """Return the code and the words of Twilio's own error, which a proxy's answer does not have."""
    try:
        body = ErrorBody.model_validate_json(answer.body)
    except ValidationError:
        return None, None
    told = body.message or body.detail or body.title
    return (None if body.message is None and body.title is None else body.code), told
