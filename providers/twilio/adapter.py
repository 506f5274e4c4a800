"""The adapter of Twilio: the provider contract over Twilio's REST API and webhooks."""

from collections.abc import Sequence
from datetime import timedelta

import httpx2

from domain.consent.keyword import Keyword
from domain.conversation.effects import MediaRef
from domain.delivery.message_status import MessageStatus
from domain.numbers.kinds import LineKind
from domain.numbers.numbering_plans import spellings
from domain.text.smart_encoding import smartly_encoded
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
    WebhookRefused,
    WebhookRequest,
)
from providers.credentials import Credentials
from providers.failures import NOT_LET_IN
from providers.health import Finding
from providers.listing import TextsPage, TextsSought
from providers.numbers import Sender, TextAddresses
from providers.twilio.description import (
    DESCRIPTION,
    TwilioCredentials,
    own,
)
from providers.twilio.keywords import answers
from providers.twilio.listing import texts_page
from providers.twilio.rest import MessageResource, MessagesApi
from providers.twilio.senders import standing
from providers.twilio.senders.reading import all_senders, one_sender, set_texts
from providers.twilio.senders.rest import SendersApi
from providers.twilio.signature import refuse_unsigned
from providers.twilio.voice import twiml
from providers.twilio.voice.numbers import PhonesApi
from providers.twilio.voice.webhooks import call_news
from providers.twilio.webhooks import STATUSES, failure_of, inbound_text, status_report
from providers.voice import CallNews, PhoneSetUp, Script, Stage

CLOCKS_APART = timedelta(seconds=5)
MOST_PAGES = 5
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
# Without it, a callback during a restart is lost, because Twilio only retries connection failures.
# https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
CALLBACK_RETRIES = "#rc=3&rp=ct,rt,5xx"
TRIAL = "Sent from your Twilio trial account - "
"""What Twilio puts before the words of texts from an account on trial."""
SEVERAL_SECONDS = 30.0
"""For what takes several requests. Ours."""


class Twilio:
    """Twilio Programmable Messaging over a shared HTTP client."""

    description: Description = DESCRIPTION

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    def answers(self, kind: LineKind, keyword: Keyword, text: str, *, is_blocked: bool) -> bool:
        """Say whether Twilio answers: only English words, and not on every kind of line."""
        return answers(kind, keyword, text, is_blocked=is_blocked)

    def verify(self, request: WebhookRequest, credentials: Credentials) -> None:
        """Raise `WebhookRefused` unless the request is signed for this account."""
        account = own(credentials)
        refuse_unsigned(request, account)
        pairs = request.form or request.query
        if any(name == "AccountSid" and value != account.account_sid for name, value in pairs):
            raise WebhookRefused("The request is for another account.")

    def read(self, request: WebhookRequest) -> Received:
        """Read a request, in which Twilio sends one text or one delivery callback."""
        if request.webhook == DESCRIPTION.texts_webhook.path:
            return Received(texts=(inbound_text(request),))
        report = status_report(request)
        return Received(reports=(report,) if report else ())

    def answer(self, _request: WebhookRequest, /) -> WebhookAnswer:
        """Return empty TwiML, because Twilio would send any text to the consumer as a reply."""
        return WebhookAnswer(EMPTY_TWIML, "text/xml")

    async def send(self, text: OutgoingText, credentials: Credentials) -> Accepted:
        """Send one text, once. Raises `SendError`."""
        return accepted(await in_time(self._messages(credentials).create(_form(text))))

    async def find(self, sought: Sought, credentials: Credentials) -> Accepted | None:
        """Look up a text whose answer was lost. Raises `SendError`."""
        found = await asked(_search(self._messages(credentials), sought))
        return accepted(found) if found else None

    async def ask(self, provider_message_id: str, credentials: Credentials) -> Accepted:
        """Fetch one message. Raises `SendError`."""
        return accepted(await asked(self._messages(credentials).fetch(provider_message_id)))

    async def list_texts(self, sought: TextsSought, credentials: Credentials) -> TextsPage:
        """List consumers' texts. Raises `SendError`."""
        return await asked(texts_page(self._messages(credentials), sought))

    async def media_of(
        self, provider_message_id: str, credentials: Credentials
    ) -> tuple[MediaRef, ...]:
        """Fetch the list of a message's media. Raises `SendError`."""
        found = await asked(self._messages(credentials).media(provider_message_id))
        return tuple(MediaRef(url=url, content_type=kind) for url, kind in found)

    def read_call(self, request: WebhookRequest, stage: Stage) -> CallNews:
        """Read a voice webhook. Raises `WebhookRefused`."""
        return call_news(request, stage)

    def play(self, script: Script, /) -> WebhookAnswer:
        """Return a script as TwiML."""
        return twiml.play(script)

    def play_nothing(self) -> WebhookAnswer:
        """Return TwiML that ends a call."""
        return twiml.nothing()

    async def phone_set_up(self, number: str, credentials: Credentials) -> PhoneSetUp | None:
        """Return where a number's calls go. Raises `SendError`."""
        return await asked(PhonesApi(self._http, own(credentials)).find(number))

    async def set_phone_up(self, wanted: PhoneSetUp, credentials: Credentials) -> PhoneSetUp:
        """Make a number's calls go elsewhere. Raises `SendError`."""
        return await in_time(PhonesApi(self._http, own(credentials)).change(wanted))

    async def check(self, credentials: Credentials) -> tuple[Finding, ...]:
        """Ask for the account, which changes nothing. A key that may not read it lists a text."""
        account = own(credentials)
        try:
            found = await self._standing(account)
        except SendError as error:
            return standing.all_of(*standing.of_refusal(error))
        is_token = account.log_in[0] == account.account_sid
        token = standing.of_token(is_taken=True) if is_token else await self._token(account)
        return standing.all_of(*found, token)

    async def _standing(self, account: TwilioCredentials) -> tuple[Finding, ...]:
        try:
            return standing.of_account(await in_time(SendersApi(self._http, account).account()))
        except SendError:
            if account.log_in[0] == account.account_sid:
                raise
        await in_time(self._messages(account).newest())
        return standing.of_key()

    async def _token(self, account: TwilioCredentials) -> Finding:
        """Say whether the token is right that an API key does not need, and webhooks do."""
        by_token = account.model_copy(update={"api_key_sid": None, "api_key": None})
        try:
            await in_time(self._messages(by_token).newest())
        except SendError as error:
            return standing.of_token(is_taken=error.code not in NOT_LET_IN)
        return standing.of_token(is_taken=True)

    async def senders(self, credentials: Credentials) -> list[Sender]:
        """Return the account's services, short codes and numbers. Raises `SendError`."""
        api = SendersApi(self._http, own(credentials))
        return await in_time(all_senders(api), SEVERAL_SECONDS)

    async def sender(self, address: str, credentials: Credentials) -> Sender | None:
        """Return one of them. Raises `SendError`."""
        api = SendersApi(self._http, own(credentials))
        return await in_time(one_sender(api, address), SEVERAL_SECONDS)

    async def set_addresses(
        self, sender: Sender, wanted: TextAddresses, credentials: Credentials
    ) -> Sender:
        """Make Twilio post a sender's texts elsewhere. Raises `SendError`."""
        api = SendersApi(self._http, own(credentials))
        return await in_time(set_texts(api, sender, wanted))

    async def registration(self, sender: Sender, credentials: Credentials) -> tuple[Finding, ...]:
        """Return what Twilio says of a sender's registration. Raises `SendError`."""
        api = SendersApi(self._http, own(credentials))
        return await in_time(standing.of_sender(api, sender), SEVERAL_SECONDS)

    def _messages(self, credentials: Credentials) -> MessagesApi:
        return MessagesApi(self._http, own(credentials))


def create(http: httpx2.AsyncClient) -> Provider:
    """Return the adapter, which uses the given HTTP client."""
    return Twilio(http)


def _form(text: OutgoingText) -> dict[str, str | Sequence[str]]:
    is_service = text.sender_kind is LineKind.service
    pictures = [one.url for one in text.media]
    smart = {"SmartEncoded": "true"} if text.smart_encoding else {}
    return smart | {
        "To": text.recipient,
        "MessagingServiceSid" if is_service else "From": text.sender,
        "Body": text.text,
        "StatusCallback": text.callback_url + CALLBACK_RETRIES,
        **({"MediaUrl": pictures} if pictures else {}),
    }


def accepted(resource: MessageResource) -> Accepted:
    """Read a message that Twilio has, and its failure if there is one."""
    code = str(resource.error_code) if resource.error_code is not None else None
    failure = failure_of(resource.status, code, resource.error_message)
    status = STATUSES.get(resource.status.lower(), MessageStatus.queued)
    return Accepted(resource.sid, status, failure, resource.billing)


async def _search(messages: MessagesApi, sought: Sought) -> MessageResource | None:
    """Return the first message created after the attempt that may be the sought one.

    Twilio, or the consumer meanwhile, may spell the number differently from the recipient's.
    """
    for recipient in _spellings(sought):
        if found := await _sent_to(messages, sought, recipient):
            return found
    return None


def _spellings(sought: Sought) -> tuple[str, ...]:
    return tuple(dict.fromkeys((sought.recipient, *spellings(sought.recipient))))


async def _sent_to(messages: MessagesApi, sought: Sought, recipient: str) -> MessageResource | None:
    """Return the first message to one spelling of the number that may be the sought one.

    The list is not filtered by date, and all of it is read: Twilio filters and sorts by the date of
    sending, which a queued text does not have yet.
    """
    filters = {"To": recipient}
    if sought.sender_kind is not LineKind.service:  # a service chooses its sender later
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
        and _has_words(message, sought.text)
        # With pictures it is never taken for a text without. The other way round Twilio may not
        # have counted them yet.
        and (sought.files > 0 or not message.has_media)
        and message.sid not in sought.known_ids
        and not _is_older(message, sought)
    )


def _has_words(message: MessageResource, text: str) -> bool:
    """Say whether a message has these words, as Twilio may have changed them."""
    words = (message.body or "").removeprefix(TRIAL)
    return words in (text, smartly_encoded(text)) or message.body == text


def _is_older(message: MessageResource, sought: Sought) -> bool:
    created_at = message.created_at
    return created_at is None or created_at < sought.attempted_at - CLOCKS_APART
