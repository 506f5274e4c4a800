"""What an adapter of an SMS provider must do: verify, read, answer, send, reconcile.

An adapter speaks one provider's wire protocol and knows nothing of conversations. What it is asked
and what it says are the small frozen values below; what it can do is data (`Description`).
docs/providers.md tells how to add one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Protocol
from urllib.parse import parse_qsl

from domain.consent.keyword import Keyword
from domain.conversation.effects import MediaRef
from domain.delivery.message_status import MessageStatus
from domain.numbers.kinds import LineKind
from providers.credentials import Credentials

Pairs = list[tuple[str, str]]

MOST_FIELDS = 500
"""Of a form or a query. Ours: the largest webhook we know of has about eighty."""


class Blame(StrEnum):
    """Whose fault a failed send is: decides who must act."""

    recipient = "recipient"
    content = "content"
    configuration = "configuration"
    provider = "provider"


class SendOutcome(StrEnum):
    """What is known after a failed send."""

    refused = "refused"
    """Final: the provider said no to this text."""
    not_processed = "not_processed"
    """Certainly not sent: may be sent again after a while."""
    ambiguous = "ambiguous"
    """May have been sent: reconcile, never send again blindly."""


@dataclass(eq=False)  # not frozen: Python itself sets a raised error's traceback
class SendError(Exception):
    """A send that failed, with the three answers every caller needs.

    `code` is ours and stable, `provider_code` the provider's own, `sentence` what the agent
    reads once it is final, so it promises nothing; `retry_after` the provider's wish in seconds,
    `is_opt_out` whether it is a consumer's opt-out from this sender.
    """

    code: str
    outcome: SendOutcome
    blame: Blame
    sentence: str
    provider_code: str | None = None
    retry_after: float | None = None
    is_opt_out: bool = False

    def __str__(self) -> str:
        return f"{self.code} ({self.provider_code or 'no code'})"


@dataclass(frozen=True)
class TextPart:
    """Which part of a long text this is: `number` of `total`, from 1.

    `reference` is the same for all parts of one text, and may come again for a later text.
    """

    reference: str
    number: int
    total: int


@dataclass(frozen=True)
class InboundText:
    """One consumer's text as the provider delivered it. `sender` and `recipient` as written."""

    provider_message_id: str
    """Told apart by it: each part of a long text has its own."""
    sender: str
    recipient: str
    text: str
    media: tuple[MediaRef, ...] = ()
    opt_out_type: str | None = None
    """STOP, START or HELP when the provider itself handled the keyword."""
    service: str | None = None
    """The pool of senders it was texted to, as the provider names it."""
    channel: str | None = None
    """The provider's word for what it came by, where that was not SMS: whatsapp, rcs."""
    part: TextPart | None = None
    """None: the whole text."""
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StatusReport:
    """A delivery report, already in our words. `message_id` is ours when it came back.

    `senders`: the addresses it names for who sent the text, such as a number and its service;
    `recipient`: for whom it was, as written.
    """

    provider_message_id: str
    status: MessageStatus
    message_id: str | None
    provider_code: str | None = None
    failure: SendError | None = None
    senders: tuple[str, ...] = ()
    recipient: str | None = None
    part: TextPart | None = None
    """None: it is about the whole text."""


@dataclass(frozen=True)
class WebhookRequest:
    """What arrived, before anything is trusted. The adapter verifies it in this raw form.

    `url`: as the provider called it, query included; built from the configured public base URL.
    `webhook`: the `path` of the provider's webhook that was called.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    webhook: str = ""
    method: str = "POST"

    def header(self, name: str) -> str:
        """Return a header whatever the case of its name; servers differ in it."""
        return next((value for key, value in self.headers.items() if key.lower() == name), "")

    @cached_property
    def query(self) -> Pairs:
        """Every pair of the query in order. Raises `WebhookUnreadable`."""
        return _pairs(self.url.partition("?")[2])

    @cached_property
    def form(self) -> Pairs:
        """Every pair of a form in the body, blanks and duplicates included, as they are signed.

        Raises `WebhookUnreadable`.
        """
        return _pairs(self.body.decode("utf-8", "replace"))


@dataclass(frozen=True)
class Received:
    """What one webhook brought, in its order."""

    texts: tuple[InboundText, ...] = ()
    reports: tuple[StatusReport, ...] = ()


@dataclass(frozen=True)
class WebhookAnswer:
    """What makes the provider content, and say nothing to the consumer."""

    body: str = ""
    media_type: str | None = None
    status: int = 200


@dataclass(frozen=True)
class OutgoingText:
    """A text to send: our `message_id`, the line's address, the consumer's E.164 number, and the
    full URL for delivery callbacks, which carries our message id.
    """

    message_id: str
    sender: str
    sender_kind: LineKind
    recipient: str
    text: str
    callback_url: str


@dataclass(frozen=True)
class Accepted:
    """The provider has the text and calls it `provider_message_id`.

    `failure`: why it did not arrive, where the status says so.
    """

    provider_message_id: str
    status: MessageStatus
    failure: SendError | None = None


@dataclass(frozen=True)
class Sought:
    """What to look for at the provider when an answer was lost.

    `known_ids`: provider ids already owned by other messages of ours.
    """

    sender: str
    sender_kind: LineKind
    recipient: str
    text: str
    attempted_at: datetime
    known_ids: frozenset[str]


class WebhookRefused(Exception):
    """The request is not from the provider, or not in a form it would send."""


class WebhookUnreadable(Exception):
    """The request has more fields than any provider sends: it was not even looked at."""


@dataclass(frozen=True)
class Webhook:
    """An address that the provider calls: `/webhooks/<provider>/<line>/<path>`."""

    path: str
    methods: frozenset[str] = frozenset({"POST"})


@dataclass(frozen=True)
class Capabilities:
    """What a provider can do, as data: the rest of the product asks for these and for no name."""

    finds_by_number: bool
    """It lists texts by number and time, so a text whose answer was lost can be found."""
    finds_by_id: bool
    """It tells what became of a text it has given an id."""
    confirms_opt_outs: bool
    """It answers STOP, START and HELP itself, on the lines and words that `answers` names."""
    sends_parts: bool
    """A long text of a consumer may come as parts."""
    reports_parts: bool
    """Delivery is reported for each part of a long text."""
    takes_media: bool
    """Pictures of consumers come through."""
    sends_media: bool
    """Pictures can be sent to consumers."""
    longest_text: int
    """UTF-16 units of a text to a consumer."""


@dataclass(frozen=True)
class HealthCheck:
    """Something that `check` looks at: a stable name, and what an administrator reads."""

    name: str
    label: str


@dataclass(frozen=True)
class Finding:
    """What a health check found. `sentence`: what to do about it, empty where all is well."""

    check: HealthCheck
    is_well: bool
    sentence: str = ""


@dataclass(frozen=True)
class Description:
    """All that the product knows of a provider without talking to it."""

    name: str
    """As connectors store it, and as it stands in addresses."""
    label: str
    credentials: type[Credentials]
    capabilities: Capabilities
    texts_webhook: Webhook
    """Where it posts consumers' texts."""
    reports_webhook: Webhook
    """Where it posts delivery reports; may be the same."""
    example: Mapping[str, str]
    """Credentials as the API's description shows them: no real ones."""
    checks: tuple[HealthCheck, ...] = ()

    @property
    def webhooks(self) -> tuple[Webhook, ...]:
        """Its addresses, each once."""
        return tuple(dict.fromkeys((self.texts_webhook, self.reports_webhook)))


def webhook_path(description: Description, line_id: str, webhook: Webhook) -> str:
    """Return the path of a line's webhook."""
    return f"/webhooks/{description.name}/{line_id}/{webhook.path}"


class Provider(Protocol):
    """One SMS provider. Implementations hold an HTTP client and no state of conversations.

    The credentials they are given are of the model in their description.
    """

    @property
    def description(self) -> Description:
        """What it is and can do."""
        ...

    def answers(self, kind: LineKind, keyword: Keyword, text: str, *, is_blocked: bool) -> bool:
        """Say whether the provider itself answers this keyword text on such a line.

        `is_blocked`: it heard the consumer's last STOP there, and lets nothing through since.
        """
        ...

    def verify(self, request: WebhookRequest, credentials: Credentials) -> None:
        """Raise `WebhookRefused` unless the provider sent this raw request, of this account."""
        ...

    def read(self, request: WebhookRequest) -> Received:
        """Return the texts and reports of a verified request; what says nothing new is left out.

        Raises `WebhookRefused` when it is not one the provider would send.
        """
        ...

    def answer(self, request: WebhookRequest, /) -> WebhookAnswer:
        """Return what to answer once all of the request is written down."""
        ...

    async def send(self, text: OutgoingText, credentials: Credentials) -> Accepted:
        """Hand one text over, within 10 seconds. Raises `SendError`."""
        ...

    async def find(self, sought: Sought, credentials: Credentials) -> Accepted | None:
        """Look a text up whose answer was lost, within 10 seconds. Raises `SendError`.

        Asked only where `finds_by_number` holds.
        """
        ...

    async def ask(self, provider_message_id: str, credentials: Credentials) -> Accepted:
        """Ask what became of a text that was taken, within 10 seconds.

        Asked only where `finds_by_id` holds. Raises `SendError`, which says nothing about the text.
        """
        ...

    async def check(self, credentials: Credentials) -> tuple[Finding, ...]:
        """Look at everything in the description's `checks`, within 10 seconds. Raises nothing."""
        ...


def _pairs(encoded: str) -> Pairs:
    try:
        return parse_qsl(encoded, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise WebhookUnreadable from error
