"""The adapter of Telnyx: the provider contract over its JSON API and webhooks."""

import httpx2

from domain.consent.keyword import Keyword
from domain.delivery.message_status import MessageStatus
from domain.numbers.kinds import LineKind
from providers.calls import asked, in_time
from providers.contract import (
    Accepted,
    Description,
    OutgoingText,
    Provider,
    Received,
    SendError,
    Sought,
    WebhookAnswer,
    WebhookRequest,
)
from providers.credentials import Credentials
from providers.failures import NOT_LET_IN
from providers.health import Finding
from providers.telnyx.description import DESCRIPTION, KEY_MATCHES, KEY_TAKEN, own
from providers.telnyx.keywords import answers
from providers.telnyx.message import TelnyxMessage
from providers.telnyx.rest import TelnyxApi
from providers.telnyx.signature import refuse_unsigned
from providers.telnyx.webhooks import received

NO_ANSWER = "Telnyx did not answer as it should. Try again in a minute."
KEY_REFUSED = "Telnyx refused the API key. Enter it again."
OTHER_KEY = (
    "This is not the public key of the account, so its webhooks are refused. Copy the key from "
    "Telnyx's portal again."
)


class Telnyx:
    """Telnyx Messaging over a shared HTTP client."""

    description: Description = DESCRIPTION

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    def answers(
        self,
        kind: LineKind,  # noqa: ARG002  Telnyx makes no difference
        keyword: Keyword,
        text: str,
        *,
        is_blocked: bool,  # noqa: ARG002  nor here
    ) -> bool:
        """Say whether Telnyx answers: the same English words on every kind of line."""
        return answers(keyword, text)

    def verify(self, request: WebhookRequest, credentials: Credentials) -> None:
        """Raise `WebhookRefused` unless the account's key signed the body within five minutes."""
        refuse_unsigned(request, own(credentials))

    def read(self, request: WebhookRequest) -> Received:
        """Read a request, in which Telnyx sends one event."""
        return received(request)

    def answer(self, _request: WebhookRequest, /) -> WebhookAnswer:
        """Return an empty success. Telnyx waits two seconds for it and then sends again."""
        return WebhookAnswer()

    async def send(self, text: OutgoingText, credentials: Credentials) -> Accepted:
        """Send one text, once. Raises `SendError`."""
        body = {
            "from": text.sender,
            "to": text.recipient,
            "text": text.text,
            "webhook_url": text.callback_url,
        }
        return _accepted(await in_time(self._api(credentials).send(body)))

    async def find(self, sought: Sought, credentials: Credentials) -> Accepted | None:  # noqa: ARG002
        """Return None: Telnyx lists no texts."""
        return None

    async def ask(self, provider_message_id: str, credentials: Credentials) -> Accepted:
        """Fetch one message. Raises `SendError`."""
        return _accepted(await asked(self._api(credentials).fetch(provider_message_id)))

    async def check(self, credentials: Credentials) -> tuple[Finding, ...]:
        """Check both keys by asking for what they show, which changes nothing."""
        api = self._api(credentials)
        try:
            await in_time(api.profiles())
            key = await in_time(api.public_key())
        except SendError as error:
            told = KEY_REFUSED if error.code in NOT_LET_IN else NO_ANSWER
            return (Finding(KEY_TAKEN, False, told), Finding(KEY_MATCHES, False, told))
        matches = key is None or key == own(credentials).raw_public_key
        return (
            Finding(KEY_TAKEN, True),
            Finding(KEY_MATCHES, matches, "" if matches else OTHER_KEY),
        )

    def _api(self, credentials: Credentials) -> TelnyxApi:
        return TelnyxApi(self._http, own(credentials))


def create(http: httpx2.AsyncClient) -> Provider:
    """Return the adapter, which uses the given HTTP client."""
    return Telnyx(http)


def _accepted(message: TelnyxMessage) -> Accepted:
    status = message.status or MessageStatus.queued
    return Accepted(message.id, status, message.failure, message.billing)
