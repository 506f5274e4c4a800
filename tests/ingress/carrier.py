"""Both sides of ingress in tests: Twilio's webhooks, and stand-ins for conversations."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

from twilio.request_validator import RequestValidator

from database.engine import Sessions
from domain.conversation.inputs import ReceivedText
from domain.errors import Unavailable
from ingress.authentication import WebhookAuthenticator
from ingress.breaker import Breaker
from ingress.delivery_reports import DeliveryReports
from ingress.hand_over import Handover
from ingress.receiving import Receiver, StoredText
from ingress.webhooks import Webhooks
from providers.contract import Provider, WebhookRequest
from providers.twilio.adapter import Twilio
from providers.twilio.signature import SignedForm
from security.secrets import Keyring, SecretBox
from temporal.conversations import ConversationClient, Thread
from tests.fixtures.brand import ACCOUNT_SID, AUTH_TOKEN, ENCRYPTION_KEYS, LINE_NUMBER
from tracing.trace import Trace

PUBLIC = "https://sms.brand.test/switchboard"
ADA = "+15550123"

Pairs = list[tuple[str, str]]


def sid() -> str:
    return f"SM{uuid4().hex}"


def text(body: str, *, sender: str = ADA, message: str | None = None, **more: str) -> Pairs:
    """Return the form of a consumer's text."""
    form = {
        "MessageSid": message or sid(),
        "SmsStatus": "received",
        "AccountSid": ACCOUNT_SID,
        "From": sender,
        "To": LINE_NUMBER,
        "Body": body,
        "FromCity": "",
    }
    return list((form | more).items())


def status(word: str, *, message: str | None = None, code: str | None = None, **more: str) -> Pairs:
    """Return the form of a delivery callback."""
    form = {"MessageSid": message or sid(), "MessageStatus": word, "AccountSid": ACCOUNT_SID}
    return list((form | ({"ErrorCode": code} if code else {}) | more).items())


def signed(url: str, form: Sequence[tuple[str, str]], token: str = AUTH_TOKEN) -> dict[str, str]:
    """Return the headers Twilio sends with a form to an address."""
    signature = RequestValidator(token).compute_signature(url, SignedForm(form))
    return {
        "X-Twilio-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded",
    }


def request(
    line_id: str, form: Pairs, query: Mapping[str, str] | None = None, path: str = "inbound"
) -> WebhookRequest:
    """Return a signed webhook."""
    url = f"{PUBLIC}/webhooks/twilio/{line_id}/{path}"
    url += f"?{urlencode(query)}" if query else ""
    return WebhookRequest(url, signed(url, form), urlencode(form).encode(), path)


class Conversations(ConversationClient):
    """Records texts and signals; `is_away` makes it refuse them."""

    def __init__(self) -> None:
        self.is_away = False
        self.refuses: set[str] = set()
        self.handed: list[tuple[Thread, ReceivedText]] = []
        self.opted: list[str] = []
        self.groups: list[list[str]] = []
        """Texts that were handed over together."""
        self.may_go_on = asyncio.Event()
        """While this is cleared, Temporal does not answer."""
        self.may_go_on.set()

    async def hand_over(self, thread: Thread, texts: Sequence[ReceivedText]) -> None:
        if self.is_away or self.refuses & {text.text for text in texts}:
            raise Unavailable
        await self.may_go_on.wait()
        self.groups.append([text.text for text in texts])
        self.handed += [(thread, text) for text in texts]

    async def opted_out(
        self, workflow: str, conversation_id: str | None = None, *, is_block: bool = False
    ) -> bool:
        if self.is_away:
            raise Unavailable
        self.opted.append(workflow)
        return True

    @property
    def texts(self) -> list[str]:
        return [text.text for _, text in self.handed]

    @property
    def distinct(self) -> list[str]:
        """The texts a conversation keeps, each once."""
        return list({text.message_id: text.text for _, text in self.handed}.values())


@dataclass(frozen=True)
class IngressScenario:
    """Ingress over one database."""

    webhooks: Webhooks
    handover: Handover
    conversations: Conversations

    async def take(self, line_id: str, form: Pairs) -> None:
        """Receive a text as its webhook does, and wait until it is handed over or left."""
        await self.take_in(line_id, form)
        await self.handover.settle()

    async def take_in(self, line_id: str, form: Pairs) -> None:
        """Receive a text as its webhook does."""
        await self.webhooks.take("twilio", line_id, request(line_id, form))

    async def write(self, line_id: str, form: Pairs) -> StoredText | None:
        """Store a text as its webhook does, without handing it over."""
        webhooks, asked = self.webhooks, request(line_id, form)
        at, adapter = await webhooks.authenticator.admit(
            webhooks.sessions, "twilio", line_id, asked
        )
        [text] = adapter.read(asked).texts
        return await webhooks.receiver.take(at, adapter, text, asked)


def create_intake(sessions: Sessions, *, at_once: int = 6) -> IngressScenario:
    conversations = Conversations()
    # The adapter is asked to verify and to read only, never to call.
    providers: dict[str, Provider] = {"twilio": Twilio(http=None)}  # type: ignore[arg-type]
    authenticator = WebhookAuthenticator(providers, SecretBox(Keyring.parse(ENCRYPTION_KEYS)))
    handover = Handover(sessions, conversations, Breaker(), at_once=at_once)
    receiver, reports = Receiver(sessions, authenticator), DeliveryReports(sessions, conversations)
    webhooks = Webhooks(sessions, authenticator, receiver, reports, handover, Trace(sessions))
    return IngressScenario(webhooks, handover, conversations)
