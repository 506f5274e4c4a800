"""Twilio's side of the simulated carrier."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
)

from providers.twilio.simulator import phone_numbers, router, services
from providers.twilio.simulator.calls import TwilioCalls
from providers.twilio.simulator.errors import TwilioError, error_answer, not_routed
from providers.twilio.simulator.forms import new_sid, status_form, text_form
from providers.twilio.simulator.keywords import handling
from simulator.calls import Call
from simulator.carrier import Carrier
from simulator.lines import Line, LineKind
from simulator.messages import Message
from simulator.network import Handling, Network
from simulator.settings import SimulatorSettings


@dataclass(frozen=True)
class SharedKey:
    """A key that signs with SHA-256 in place of the auth token."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class TwilioNetwork:
    """One simulated account."""

    account_sid: str
    shared_key: SharedKey | None

    def install(self, app: FastAPI) -> None:
        app.add_exception_handler(TwilioError, error_answer)
        app.add_exception_handler(HTTPException, not_routed)
        # As they are: a router that is included is made anew for each application.
        app.router.routes += router.router.routes
        app.router.routes += phone_numbers.accounts.routes
        app.router.routes += phone_numbers.router.routes
        app.router.routes += services.router.routes

    def new_id(self, *, has_media: bool) -> str:
        return new_sid("MM" if has_media else "SM")

    def text(self, message: Message, line: Line) -> bytes:
        return urlencode(text_form(message, line, line.account or self.account_sid)).encode()

    def report(self, message: Message) -> bytes:
        return urlencode(status_form(message, message.account or self.account_sid)).encode()

    def headers(self, url: str, body: bytes, token: str) -> Mapping[str, str]:
        """Sign with the shared key if there is one, else with the token.

        https://www.twilio.com/docs/usage/webhooks/webhooks-security
        """
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": str(uuid4()),
        }
        if self.shared_key is None:
            return headers | {SIGNATURE_HEADER: _signature(token, url, body, HMAC_SHA1)}
        signature = _signature(self.shared_key.secret, url, body, HMAC_SHA256)
        settings = f"key={self.shared_key.id},algorithm={HMAC_SHA256}"
        return headers | {SIGNATURE_HEADER: signature, SIGNATURE_SETTINGS_HEADER: settings}

    def new_call(self, caller: str, line: Line) -> Call:
        return self._calls.new_call(caller, line)

    async def answer(self, carrier: Carrier, call: Call, /) -> None:
        await self._calls.answer(carrier, call)

    async def hear(
        self, carrier: Carrier, call: Call, digits: str, speech: str, confidence: float, /
    ) -> None:
        await self._calls.hear(carrier, call, digits, speech, confidence)

    async def take(self, carrier: Carrier, call: Call, /, *, is_taken: bool) -> None:
        await self._calls.take(carrier, call, is_taken=is_taken)

    async def hang_up(self, carrier: Carrier, call: Call, /) -> None:
        await self._calls.hang_up(carrier, call)

    @property
    def _calls(self) -> TwilioCalls:
        return TwilioCalls(self.account_sid, self.headers)

    def handling(self, kind: LineKind, text: str, *, is_blocked: bool) -> Handling | None:
        return handling(kind, text, is_blocked=is_blocked)


def create(settings: SimulatorSettings) -> Network:
    """Return the network for the configured account."""
    return TwilioNetwork(settings.account_sid, _shared_key(settings))


def _shared_key(settings: SimulatorSettings) -> SharedKey | None:
    if settings.signing_key_id is None or settings.signing_key is None:
        return None
    return SharedKey(settings.signing_key_id, settings.signing_key.get_secret_value())


def _signature(secret: str, url: str, body: bytes, algorithm: str) -> str:
    form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return str(RequestValidator(secret).compute_signature(url, form, algorithm))
