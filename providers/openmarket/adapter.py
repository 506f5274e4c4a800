"""The adapter of OpenMarket: the provider contract over its Global SMS API and webhooks."""

import httpx2
from pydantic import JsonValue

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
from providers.failures import Failure, failed
from providers.health import Finding
from providers.openmarket.authentication import receipt_url, refuse_unauthenticated
from providers.openmarket.description import (
    CREDENTIALS_TAKEN,
    DESCRIPTION,
    OpenMarketCredentials,
    own,
)
from providers.openmarket.documents import is_form
from providers.openmarket.rest import TextsApi
from providers.openmarket.statuses import became
from providers.openmarket.webhooks import TICKET, received

LONG_CODE, SHORT_CODE = 1, 3
"""Types of a number ("ton")."""
VERSION = "x-api-version"
NO_ANSWER = "OpenMarket did not answer as it should. Try again in a minute."
REFUSED = "OpenMarket refused the account ID or the password. Enter them again."


class OpenMarket:
    """OpenMarket over a shared HTTP client."""

    description: Description = DESCRIPTION

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    def answers(self, kind: LineKind, keyword: Keyword, text: str, *, is_blocked: bool) -> bool:  # noqa: ARG002
        """Say that OpenMarket itself answers no keyword, on no kind of line."""
        return False

    def verify(self, request: WebhookRequest, credentials: Credentials) -> None:
        """Raise `WebhookRefused` unless OpenMarket logs in, or uses an address we gave it."""
        refuse_unauthenticated(request, own(credentials))

    def read(self, request: WebhookRequest) -> Received:
        """Read a request, in which OpenMarket sends one text, one part of a text or one receipt."""
        return received(request)

    def answer(self, request: WebhookRequest, /) -> WebhookAnswer:
        """Return an empty answer; in version 3, OpenMarket waits for "OK"."""
        is_version_3 = is_form(request.body) or (
            not request.header(VERSION) and request.header("content-type").startswith("text/xml")
        )
        return WebhookAnswer("OK" if is_version_3 else "")

    async def send(self, text: OutgoingText, credentials: Credentials) -> Accepted:
        """Send one text, once. Raises `SendError`."""
        account = own(credentials)
        document = _mobile_terminate(text, account)
        ticket = await in_time(TextsApi(self._http, account).submit(document))
        return Accepted(ticket, MessageStatus.queued)

    async def find(self, sought: Sought, credentials: Credentials) -> Accepted | None:  # noqa: ARG002
        """Return None: OpenMarket lists no texts, and knows them by their tickets only."""
        return None

    async def ask(self, provider_message_id: str, credentials: Credentials) -> Accepted:
        """Ask for the status of a text by its ticket, which OpenMarket knows for five days.

        Raises `SendError`, always as ambiguous.
        """
        return await asked(self._became(provider_message_id, own(credentials)))

    async def check(self, credentials: Credentials) -> tuple[Finding, ...]:
        """Check the credentials by asking about a ticket that no text has; this sends nothing."""
        try:
            is_taken = await in_time(TextsApi(self._http, own(credentials)).takes_credentials())
        except SendError:
            return (Finding(CREDENTIALS_TAKEN, False, NO_ANSWER),)
        return (Finding(CREDENTIALS_TAKEN, is_taken, "" if is_taken else REFUSED),)

    async def _became(self, ticket: str, account: OpenMarketCredentials) -> Accepted:
        if not TICKET.fullmatch(ticket):
            raise failed(Failure.status_gone)
        return became(ticket, await TextsApi(self._http, account).status(ticket))


def create(http: httpx2.AsyncClient) -> Provider:
    """Return the adapter, which uses the given HTTP client."""
    return OpenMarket(http)


def _mobile_terminate(text: OutgoingText, account: OpenMarketCredentials) -> dict[str, JsonValue]:
    """Return a text as OpenMarket takes it. Numbers have no plus sign there.

    A line that is a pool of numbers names no source: OpenMarket then chooses one.
    """
    options: dict[str, JsonValue] = {"note1": text.message_id}
    if account.program_id:
        options["programId"] = account.program_id
    document: dict[str, JsonValue] = {
        "options": options,
        "destination": {"address": text.recipient.removeprefix("+")},
        "message": {"content": text.text, "type": "text", "mlc": "segment"},
        "delivery": {
            "receiptRequested": "final",
            "url": receipt_url(text.callback_url, text.message_id, account),
        },
    }
    if text.sender_kind is LineKind.service:
        return document | {"interaction": "two-way"}
    ton = SHORT_CODE if text.sender_kind is LineKind.short_code else LONG_CODE
    return document | {"source": {"ton": ton, "address": text.sender.removeprefix("+")}}
