"""A client of Telnyx's messages resource: JSON to send, by id to look up.

https://developers.telnyx.com/api-reference/messages/send-a-message
"""

from collections.abc import Mapping
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, Field, ValidationError

from providers.calls import ApiAnswer, call
from providers.failures import Failure, failed
from providers.telnyx.description import RAW_KEY, TelnyxCredentials
from providers.telnyx.errors import Problem, from_answer
from providers.telnyx.message import TelnyxMessage

API_URL = "https://api.telnyx.com"
MESSAGES = "/v2/messages"
PROFILES = "/v2/messaging_profiles?page[size]=1"
PUBLIC_KEY = "/v2/public_key"


class MessageBody(BaseModel):
    data: TelnyxMessage


class KeyData(BaseModel):
    public: str


class KeyBody(BaseModel):
    data: KeyData


class ErrorBody(BaseModel):
    """The body of Telnyx's own errors, which a proxy's error does not have."""

    errors: list[Problem] = Field(min_length=1)


class TelnyxApi:
    """One account's API. Every method raises `SendError`."""

    def __init__(self, http: httpx2.AsyncClient, credentials: TelnyxCredentials) -> None:
        self._http = http
        self._url = (credentials.api_url or API_URL).rstrip("/")
        self._headers = {"Authorization": f"Bearer {credentials.api_key}"}

    async def send(self, body: Mapping[str, str]) -> TelnyxMessage:
        return _message(await self._request("POST", MESSAGES, body))

    async def fetch(self, message_id: str) -> TelnyxMessage:
        """Return a message of the last ten days; Telnyx keeps older ones only in its reports."""
        found = _message(await self._request("GET", f"{MESSAGES}/{quote(message_id, safe='')}"))
        if found.id != message_id:
            raise failed(Failure.no_answer, "Another message")
        return found

    async def profiles(self) -> None:
        """List one messaging profile, which shows that the API key is accepted."""
        await self._request("GET", PROFILES)

    async def public_key(self) -> str | None:
        """Return the key that the account's webhooks are signed with; None if Telnyx hides it."""
        answer = await call(self._http, "GET", self._url + PUBLIC_KEY, headers=self._headers)
        try:
            return KeyBody.model_validate_json(answer.body).data.public[-RAW_KEY:]
        except ValidationError:
            return None

    async def _request(
        self, method: str, path: str, body: Mapping[str, str] | None = None
    ) -> ApiAnswer:
        answer = await call(
            self._http,
            method,
            self._url + path,
            json=dict(body) if body else None,
            headers=self._headers,
        )
        if not answer.is_success:
            raise from_answer(answer.status, _problem(answer), answer.retry_after)
        return answer


def _message(answer: ApiAnswer) -> TelnyxMessage:
    try:
        return MessageBody.model_validate_json(answer.body).data
    except ValidationError as error:
        raise failed(Failure.no_answer, f"HTTP {answer.status}") from error


def _problem(answer: ApiAnswer) -> Problem | None:
    try:
        return ErrorBody.model_validate_json(answer.body).errors[0]
    except ValidationError:
        return None
