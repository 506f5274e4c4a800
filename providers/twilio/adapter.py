"""Twilio behind the provider contract."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx2

from domain.consent.keyword import Keyword
from domain.delivery.message_status import MessageStatus
from domain.numbers.kinds import LineKind
from domain.numbers.numbering_plans import spellings
from providers.contract import (
    Accepted,
    Description,
    Finding,
    OutgoingText,
    Provider,
    Received,
    SendError,
    SendOutcome,
    Sought,
    WebhookAnswer,
    WebhookRefused,
    WebhookRequest,
)
from providers.credentials import Credentials
from providers.twilio.description import CREDENTIALS_TAKEN, DESCRIPTION, own
from providers.twilio.failures import Failure, failed
from providers.twilio.keywords import answers
from providers.twilio.rest import MessageResource, MessagesApi
from providers.twilio.signature import refuse_unsigned
from providers.twilio.webhooks import STATUSES, failure_of, inbound_text, status_report

CALL_SECONDS = 10.0
CLOCKS_APART = timedelta(seconds=5)
MOST_PAGES = 5
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
# Without it a callback that meets a restart is lost: Twilio retries connection failures only.
# https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
CALLBACK_RETRIES = "#rc=3&rp=ct,rt,5xx"
NO_ANSWER = "Twilio did not answer as it should. Try again in a minute."
REFUSED = "Twilio refused the account SID or the secret. Enter them again."


class Twilio:
    """Twilio Programmable Messaging over one shared HTTP client."""

    description: Description = DESCRIPTION

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    def answers(self, kind: LineKind, keyword: Keyword, text: str, *, is_blocked: bool) -> bool:
        """Say so for Twilio's English words, where Twilio looks at them at all."""
        return answers(kind, keyword, text, is_blocked=is_blocked)

    def verify(self, request: WebhookRequest, credentials: Credentials) -> None:
        """Raise `WebhookRefused` unless signed for this account."""
        account = own(credentials)
        refuse_unsigned(request, account)
        pairs = request.form or request.query
        if any(name == "AccountSid" and value != account.account_sid for name, value in pairs):
            raise WebhookRefused("The request is for another account.")

    def read(self, request: WebhookRequest) -> Received:
        """Read the one text or the one delivery callback that Twilio sends at a time."""
        if request.webhook == DESCRIPTION.texts_webhook.path:
            return Received(texts=(inbound_text(request),))
        report = status_report(request)
        return Received(reports=(report,) if report else ())

    def answer(self, _request: WebhookRequest, /) -> WebhookAnswer:
        """Return empty TwiML: prose would be texted to the consumer as a reply."""
        return WebhookAnswer(EMPTY_TWIML, "text/xml")

    async def send(self, text: OutgoingText, credentials: Credentials) -> Accepted:
        """Hand one text over, once. Raises `SendError`."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                resource = await MessagesApi(self._http, own(credentials)).create(_form(text))
        except TimeoutError as error:
            raise failed(Failure.no_answer) from error
        return accepted(resource)

    async def find(self, sought: Sought, credentials: Credentials) -> Accepted | None:
        """Look a text up whose answer was lost.

        Raises `SendError`, always as ambiguous: a failed search says nothing about the text.
        """
        try:
            async with asyncio.timeout(CALL_SECONDS):
                found = await _search(MessagesApi(self._http, own(credentials)), sought)
        except TimeoutError as error:
            raise failed(Failure.no_answer) from error
        except SendError as error:
            raise replace(error, outcome=SendOutcome.ambiguous) from error
        return accepted(found) if found else None

    async def ask(self, provider_message_id: str, credentials: Credentials) -> Accepted:
        """Fetch one message as it stands.

        Raises `SendError`, always as ambiguous: a failed question says nothing about the text.
        """
        try:
            async with asyncio.timeout(CALL_SECONDS):
                resource = await MessagesApi(self._http, own(credentials)).fetch(
                    provider_message_id
                )
        except TimeoutError as error:
            raise failed(Failure.no_answer) from error
        except SendError as error:
            raise replace(error, outcome=SendOutcome.ambiguous) from error
        return accepted(resource)

    async def check(self, credentials: Credentials) -> tuple[Finding, ...]:
        """List one message, which asks for the account's own credentials and changes nothing."""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                async for _ in MessagesApi(self._http, own(credentials)).pages({}, 1, size=1):
                    break
        except TimeoutError:
            return (Finding(CREDENTIALS_TAKEN, False, NO_ANSWER),)
        except SendError as error:
            sentence = REFUSED if error.code == Failure.account_refused else NO_ANSWER
            return (Finding(CREDENTIALS_TAKEN, False, sentence),)
        return (Finding(CREDENTIALS_TAKEN, True),)


def create(http: httpx2.AsyncClient) -> Provider:
    """Return the adapter over an HTTP client."""
    return Twilio(http)


def _form(text: OutgoingText) -> dict[str, str]:
    is_service = text.sender_kind is LineKind.service
    return {
        "To": text.recipient,
        "MessagingServiceSid" if is_service else "From": text.sender,
        "Body": text.text,
        "StatusCallback": text.callback_url + CALLBACK_RETRIES,
    }


def accepted(resource: MessageResource) -> Accepted:
    """Read a message that Twilio has, and why it did not arrive where it says so."""
    code = str(resource.error_code) if resource.error_code is not None else None
    failure = failure_of(resource.status, code)
    status = STATUSES.get(resource.status.lower(), MessageStatus.queued)
    return Accepted(resource.sid, status, failure)


async def _search(messages: MessagesApi, sought: Sought) -> MessageResource | None:
    """Return the first message made after the attempt that may be the one sought.

    Twilio, or the consumer meanwhile, may spell their number otherwise than it was sent to.
    """
    for recipient in _spellings(sought):
        if found := await _sent_to(messages, sought, recipient):
            return found
    return None


def _spellings(sought: Sought) -> tuple[str, ...]:
    return tuple(dict.fromkeys((sought.recipient, *spellings(sought.recipient))))


async def _sent_to(messages: MessagesApi, sought: Sought, recipient: str) -> MessageResource | None:
    """Return the first message that may be the one sought, as far as it was sent to a spelling.

    Neither filtered nor stopped by date: Twilio filters and sorts by the date of sending, which
    a queued text has not yet.
    """
    filters = {"To": recipient}
    if sought.sender_kind is not LineKind.service:  # a pool's sender is chosen later
        filters["From"] = sought.sender
    async for page in messages.pages(filters, MOST_PAGES):
        matching = [message for message in page if _is(message, sought)]
        if matching:
            return matching[-1]
    return None


def _is(message: MessageResource, sought: Sought) -> bool:
    return (
        message.direction == "outbound-api"
        and message.to in _spellings(sought)
        and message.body == sought.text
        and message.sid not in sought.known_ids
        and not _is_older(message, sought)
    )


def _is_older(message: MessageResource, sought: Sought) -> bool:
    created_at = message.created_at
    return created_at is None or created_at < sought.attempted_at - CLOCKS_APART
