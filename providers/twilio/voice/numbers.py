"""A client of Twilio's phone numbers: where their calls go.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

import httpx2
from pydantic import BaseModel, Field, ValidationError

from providers.calls import ApiAnswer, call
from providers.failures import Failure, failed
from providers.twilio.description import TwilioCredentials
from providers.twilio.rest import API_URL, error_of
from providers.voice import PhoneSetUp

APP, TRUNK = "a TwiML app", "a SIP trunk"
"""What takes a number's calls before its own addresses."""


class PhoneResource(BaseModel):
    """A number of the account, as Twilio keeps it."""

    sid: str = Field(pattern=r"^PN[0-9a-fA-F]{32}$")
    phone_number: str
    voice_url: str | None = None
    status_callback: str | None = None
    voice_application_sid: str | None = None
    trunk_sid: str | None = None

    @property
    def set_up(self) -> PhoneSetUp:
        # They go before a number's own addresses.
        before = {APP: self.voice_application_sid, TRUNK: self.trunk_sid}
        return PhoneSetUp(
            phone_id=self.sid,
            voice_url=self.voice_url or "",
            status_url=self.status_callback or "",
            others={words: value for words, value in before.items() if value},
        )


class PhonePage(BaseModel):
    incoming_phone_numbers: list[PhoneResource]


class PhonesApi:
    """One account's phone numbers. Every method raises `SendError`."""

    def __init__(self, http: httpx2.AsyncClient, credentials: TwilioCredentials) -> None:
        self._http = http
        self._url = (credentials.api_url or API_URL).rstrip("/")
        self._path = f"/2010-04-01/Accounts/{credentials.account_sid}/IncomingPhoneNumbers"
        self._auth = credentials.log_in

    async def find(self, number: str) -> PhoneSetUp | None:
        """Return a number's set-up; None if the account does not have the number."""
        query = httpx2.QueryParams({"PhoneNumber": number, "PageSize": "20"})
        answer = await self._request("GET", f"{self._path}.json?{query}")
        try:
            found = PhonePage.model_validate_json(answer.body).incoming_phone_numbers
        except ValidationError as error:
            raise failed(Failure.no_answer, f"HTTP {answer.status}") from error
        same = (phone for phone in found if phone.phone_number == number)
        return next((phone.set_up for phone in same), None)

    async def change(self, wanted: PhoneSetUp) -> PhoneSetUp:
        """Set where a number's calls go, and return what Twilio has then."""
        form = {
            "VoiceUrl": wanted.voice_url,
            "VoiceMethod": "POST",
            "StatusCallback": wanted.status_url,
            "StatusCallbackMethod": "POST",
        }
        answer = await self._request("POST", f"{self._path}/{wanted.phone_id}.json", form)
        try:
            return PhoneResource.model_validate_json(answer.body).set_up
        except ValidationError as error:
            raise failed(Failure.no_answer, f"HTTP {answer.status}") from error

    async def _request(
        self, method: str, uri: str, form: dict[str, str] | None = None
    ) -> ApiAnswer:
        answer = await call(self._http, method, self._url + uri, form=form, auth=self._auth)
        if not answer.is_success:
            raise error_of(answer)
        return answer
