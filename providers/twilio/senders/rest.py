"""A client of Twilio's account, phone numbers, short codes and messaging services.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
https://www.twilio.com/docs/messaging/api/short-code-resource
https://www.twilio.com/docs/messaging/api/service-resource
"""

from collections.abc import AsyncIterator
from typing import TypeVar

import httpx2
from pydantic import BaseModel, Field, ValidationError

from providers.calls import ApiAnswer, call
from providers.failures import Failure, failed
from providers.numbers import TextAddresses
from providers.twilio.description import TwilioCredentials
from providers.twilio.rest import API_URL, error_of

MESSAGING_URL = "https://messaging.twilio.com"
PAGE_SIZE = 500
MOST_PAGES = 40
"""Of one list: 20,000 numbers. Ours."""
MOST_SERVICES = 100
"""Services whose numbers are looked up. Ours: each takes a request."""

M = TypeVar("M", bound=BaseModel)
P = TypeVar("P", bound="MessagingPage")


class AccountResource(BaseModel):
    """The account: `status` is active, suspended or closed; `type` is Full or Trial."""

    sid: str
    status: str = "active"
    type: str = "Full"
    friendly_name: str | None = None


class TextedResource(BaseModel):
    """What numbers and short codes have in common."""

    sid: str
    friendly_name: str | None = None
    sms_url: str | None = None
    sms_method: str | None = None
    sms_fallback_url: str | None = None
    sms_fallback_method: str | None = None
    sms_application_sid: str | None = None


class NumberResource(TextedResource):
    phone_number: str
    capabilities: dict[str, bool] = Field(default={})
    voice_url: str | None = None
    voice_application_sid: str | None = None
    trunk_sid: str | None = None


class ShortCodeResource(TextedResource):
    short_code: str


class NumberPage(BaseModel):
    incoming_phone_numbers: list[NumberResource]
    next_page_uri: str | None = None


class ShortCodePage(BaseModel):
    short_codes: list[ShortCodeResource]
    next_page_uri: str | None = None


class ServiceResource(BaseModel):
    sid: str = Field(pattern=r"^MG[0-9a-fA-F]{32}$")
    friendly_name: str | None = None
    inbound_request_url: str | None = None
    inbound_method: str | None = None
    fallback_url: str | None = None
    fallback_method: str | None = None
    use_inbound_webhook_on_number: bool = False


class Following(BaseModel):
    """Where the next page of a list is; null: there is none."""

    next_page_url: str | None = None


class MessagingPage(BaseModel):
    meta: Following = Following()


class ServicePage(MessagingPage):
    services: list[ServiceResource]


class ServiceNumber(BaseModel):
    sid: str
    phone_number: str


class ServiceNumberPage(MessagingPage):
    phone_numbers: list[ServiceNumber]


class CampaignResource(BaseModel):
    """A 10DLC campaign of a service."""

    campaign_status: str | None = None


class CampaignPage(BaseModel):
    compliance: list[CampaignResource]


class VerificationResource(BaseModel):
    """The verification of a toll-free number."""

    status: str
    rejection_reason: str | None = None


class VerificationPage(BaseModel):
    verifications: list[VerificationResource]


class SendersApi:
    """One account's senders. Every method raises `SendError`."""

    def __init__(self, http: httpx2.AsyncClient, credentials: TwilioCredentials) -> None:
        self._http = http
        self._url = (credentials.api_url or API_URL).rstrip("/")
        # A simulator serves both; Twilio has two hosts.
        self._messaging = (credentials.api_url or MESSAGING_URL).rstrip("/")
        self._account = f"/2010-04-01/Accounts/{credentials.account_sid}"
        self._auth = credentials.log_in

    async def account(self) -> AccountResource:
        return _read(AccountResource, await self._get(f"{self._url}{self._account}.json"))

    async def numbers(self, filters: str = "") -> list[NumberResource]:
        """Return the account's numbers. `filters`: of the query, such as `PhoneNumber=...&`."""
        found: list[NumberResource] = []
        first = f"{self._account}/IncomingPhoneNumbers.json?{filters}PageSize={PAGE_SIZE}"
        async for page in self._pages(NumberPage, first):
            found += page.incoming_phone_numbers
        return found

    async def short_codes(self) -> list[ShortCodeResource]:
        found: list[ShortCodeResource] = []
        first = f"{self._account}/SMS/ShortCodes.json?PageSize={PAGE_SIZE}"
        async for page in self._pages(ShortCodePage, first):
            found += page.short_codes
        return found

    async def services(self) -> list[ServiceResource]:
        found: list[ServiceResource] = []
        async for page in self._messaging_pages(ServicePage, "/v1/Services?PageSize=100"):
            found += page.services
            if len(found) >= MOST_SERVICES:
                break
        return found[:MOST_SERVICES]

    async def numbers_of(self, service_sid: str) -> list[ServiceNumber]:
        found: list[ServiceNumber] = []
        first = f"/v1/Services/{service_sid}/PhoneNumbers?PageSize=1000"
        async for page in self._messaging_pages(ServiceNumberPage, first):
            found += page.phone_numbers
        return found

    async def campaigns(self, service_sid: str) -> list[CampaignResource]:
        url = f"{self._messaging}/v1/Services/{service_sid}/Compliance/Usa2p?PageSize=50"
        return _read(CampaignPage, await self._get(url)).compliance

    async def verifications(self, number_sid: str) -> list[VerificationResource]:
        url = f"{self._messaging}/v1/Tollfree/Verifications?TollfreePhoneNumberSid={number_sid}"
        return _read(VerificationPage, await self._get(url)).verifications

    async def set_number(self, sid: str, wanted: TextAddresses) -> NumberResource:
        path = f"{self._url}{self._account}/IncomingPhoneNumbers/{sid}.json"
        return _read(NumberResource, await self._post(path, _texts(wanted)))

    async def set_short_code(self, sid: str, wanted: TextAddresses) -> ShortCodeResource:
        path = f"{self._url}{self._account}/SMS/ShortCodes/{sid}.json"
        return _read(ShortCodeResource, await self._post(path, _texts(wanted)))

    async def set_service(self, sid: str, wanted: TextAddresses) -> ServiceResource:
        """Set a service's addresses, of one that takes its numbers' texts itself."""
        form = {
            "InboundRequestUrl": wanted.inbound,
            "InboundMethod": wanted.inbound_method,
            "FallbackUrl": wanted.fallback,
            "FallbackMethod": wanted.fallback_method,
        }
        url = f"{self._messaging}/v1/Services/{sid}"
        return _read(ServiceResource, await self._post(url, form))

    async def _pages(self, kind: type[M], uri: str) -> AsyncIterator[M]:
        for _ in range(MOST_PAGES):
            page = _read(kind, await self._get(self._url + uri))
            yield page
            following: str | None = getattr(page, "next_page_uri", None)
            # Only a path below our account: credentials go nowhere else.
            if not following or not following.startswith(self._account):
                return
            uri = following

    async def _messaging_pages(self, kind: type[P], path: str) -> AsyncIterator[P]:
        url: str | None = self._messaging + path
        for _ in range(MOST_PAGES):
            # Credentials go to Twilio's own address, whatever an answer says.
            if not url or not url.startswith(f"{self._messaging}/"):
                return
            page = _read(kind, await self._get(url))
            yield page
            url = page.meta.next_page_url

    async def _get(self, url: str) -> ApiAnswer:
        return await self._request("GET", url)

    async def _post(self, url: str, form: dict[str, str]) -> ApiAnswer:
        return await self._request("POST", url, form)

    async def _request(
        self, method: str, url: str, form: dict[str, str] | None = None
    ) -> ApiAnswer:
        answer = await call(self._http, method, url, form=form, auth=self._auth)
        if not answer.is_success:
            raise error_of(answer)
        return answer


def _texts(wanted: TextAddresses) -> dict[str, str]:
    return {
        "SmsUrl": wanted.inbound,
        "SmsMethod": wanted.inbound_method,
        "SmsFallbackUrl": wanted.fallback,
        "SmsFallbackMethod": wanted.fallback_method,
    }


def _read(kind: type[M], answer: ApiAnswer) -> M:
    try:
        return kind.model_validate_json(answer.body)
    except ValidationError as error:
        raise failed(Failure.no_answer, f"HTTP {answer.status}") from error
