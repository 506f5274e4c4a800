"""The contract of an SMS provider's adapter: verify, read, answer, send, reconcile.

An adapter speaks one provider's wire protocol and knows nothing of conversations. It takes and
returns the small frozen values below, and declares its capabilities as data: docs/providers.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Protocol
from urllib.parse import parse_qsl

from domain.consent.keyword import Keyword
from domain.conversation.effects import MediaRef
from domain.delivery.message_status import MessageStatus
from domain.numbers.kinds import LineKind
from domain.numbers.line_addresses import ServiceAddress
from providers.billing import Billing
from providers.credentials import Credentials
from providers.health import Finding, HealthCheck

Pairs = list[tuple[str, str]]

LONGEST_TOLD = 300  # characters kept of a provider's own words for a failure. Ours.
MOST_FIELDS = 500  # of a form or a query. Ours: the largest webhook we know has about eighty.


class Blame(StrEnum):
    """Whose fault a failed send is, which decides who must act."""

    recipient = "recipient"
    content = "content"
    configuration = "configuration"
    provider = "provider"


class SendOutcome(StrEnum):
    """What is known about a text after a failed send."""

    refused = "refused"
    """Final: the provider refused this text."""
    not_processed = "not_processed"
    """Certainly not sent: it may be sent again after a while."""
    ambiguous = "ambiguous"
    """Perhaps sent: reconcile it, and never send it again blindly."""


class Reach(StrEnum):
    """How much of the account a failed send says something about."""

    text = "text"
    line = "line"
    """The line sends too fast: its other texts would fail too."""
    connector = "connector"
    """The provider refuses the whole account: nothing can be sent until that is mended."""


@dataclass(eq=False)  # not frozen: Python itself sets a raised error's traceback
class SendError(Exception):
    """A send that failed, with the three answers every caller needs.

    `code` is ours and stable, `provider_code` is the provider's own. The agent reads `sentence`
    once the failure is final, so it makes no promises. `retry_after`: seconds the provider asks us
    to wait. `is_opt_out`: the reason is the consumer's opt-out from this sender. `reach`: whose
    other texts would fail for the same reason. `told`: the provider's own words, at most
    `LONGEST_TOLD` characters, for administrators.
    """

    code: str
    outcome: SendOutcome
    blame: Blame
    sentence: str
    provider_code: str | None = None
    retry_after: float | None = None
    is_opt_out: bool = False
    reach: Reach = Reach.text
    told: str | None = None

    def __str__(self) -> str:
        return f"{self.code} ({self.provider_code or 'no code'})"


@dataclass(frozen=True)
class TextPart:
    """A part of a long text: `number` of `total`, from 1.

    `reference` is the same for all parts of a text, and may be reused for a later text. In a
    delivery report, the total is 0 if the report does not tell it.
    """

    reference: str
    number: int
    total: int


@dataclass(frozen=True)
class InboundText:
    """One consumer's text as the provider delivered it. `sender` and `recipient` as written."""

    provider_message_id: str
    """The unique id of the text. Each part of a long text has its own."""
    sender: str
    recipient: str
    text: str
    """A part of a long text may begin or end with half of a surrogate pair."""
    media: tuple[MediaRef, ...] = ()
    opt_out_type: str | None = None
    """STOP, START or HELP when the provider itself handled the keyword."""
    service: str | None = None
    """The pool of senders it was texted to, as the provider names it."""
    channel: str | None = None
    """The provider's name for the channel if it was not SMS: whatsapp, rcs."""
    part: TextPart | None = None
    """None: the whole text."""
    is_file: bool = False
    """Read by us from a file: the provider saw no words, so it answered no keyword in them."""
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StatusReport:
    """A delivery report in our terms. `message_id`: our id, if the report carries it.

    `senders`: the sender's addresses in the report, such as a number and its service; `recipient`:
    the recipient's, as written.
    """

    provider_message_id: str
    status: MessageStatus
    message_id: str | None
    provider_code: str | None = None
    failure: SendError | None = None
    senders: tuple[str, ...] = ()
    recipient: str | None = None
    part: TextPart | None = None
    """None: the report is about the whole text."""
    billing: Billing | None = None


@dataclass(frozen=True)
class WebhookRequest:
    """A raw request that nobody has verified yet.

    `url`: as the provider called it, with the query, built from the configured public base URL.
    `webhook`: the `path` of the provider's webhook that was called. `arrived_at`: by the time of
    all processes once it is verified.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    webhook: str = ""
    method: str = "POST"
    arrived_at: datetime = field(default_factory=lambda: datetime.now(UTC), compare=False)

    def header(self, name: str) -> str:
        """Return a header, whatever the case of its name, which differs between servers."""
        return next((value for key, value in self.headers.items() if key.lower() == name), "")

    @cached_property
    def query(self) -> Pairs:
        """All pairs of the query, in order. Raises `WebhookUnreadable`."""
        return _pairs(self.url.partition("?")[2])

    @cached_property
    def form(self) -> Pairs:
        """All pairs of the form in the body, with blanks and duplicates, because they are signed.

        Raises `WebhookUnreadable`.
        """
        return _pairs(self.body.decode("utf-8", "replace"))


@dataclass(frozen=True)
class Received:
    """The content of one webhook, in its order. `unread`: why some of it could not be read."""

    texts: tuple[InboundText, ...] = ()
    reports: tuple[StatusReport, ...] = ()
    unread: str = ""


@dataclass(frozen=True)
class WebhookAnswer:
    """The answer that satisfies the provider, and sends nothing to the consumer."""

    body: str = ""
    media_type: str | None = None
    status: int = 200


@dataclass(frozen=True)
class OutgoingMedia:
    """A picture to send. `url`: where the provider fetches it, for a short time."""

    url: str
    content_type: str


@dataclass(frozen=True)
class OutgoingText:
    """A text to send: our message id, the line's address, and the consumer's E.164 number.

    `callback_url`: the full URL for delivery callbacks, which carries our message id. `media`: only
    for providers with `sends_media`; `text` may then be empty.
    """

    message_id: str
    sender: str
    sender_kind: LineKind
    recipient: str
    text: str
    callback_url: str
    media: tuple[OutgoingMedia, ...] = ()
    smart_encoding: bool = False
    """Whether the provider may replace characters that GSM-7 lacks: see `Capabilities`."""


@dataclass(frozen=True)
class Accepted:
    """A text that the provider has, under its `provider_message_id`.

    `failure`: why it did not arrive, if the status says so.
    """

    provider_message_id: str
    status: MessageStatus
    failure: SendError | None = None
    billing: Billing | None = None


@dataclass(frozen=True)
class Sought:
    """A text to look up at the provider after its answer was lost.

    `known_ids`: provider's ids that belong to other messages of ours.
    """

    sender: str
    sender_kind: LineKind
    recipient: str
    text: str
    attempted_at: datetime
    known_ids: frozenset[str]
    files: int = 0
    """How many pictures went with it."""


class WebhookRefused(Exception):
    """The request is not from the provider, or not of a kind that it sends."""


class WebhookUnreadable(Exception):
    """The request has more fields than any provider sends, so it was not read."""


@dataclass(frozen=True)
class Webhook:
    """An address the provider calls: `/webhooks/<provider>/<line>/<path>`."""

    path: str
    methods: frozenset[str] = frozenset({"POST"})


@dataclass(frozen=True)
class Capabilities:
    """What a provider can do. The rest of the product checks these, and never a provider's name."""

    finds_by_number: bool
    """It lists texts by number and time, so that a text whose answer was lost can be found."""
    finds_by_id: bool
    """It returns the status of a text by its id."""
    lists_texts: bool
    """It lists consumers' texts (`providers.listing`), so that those can be fetched which its
    webhooks did not bring."""
    confirms_opt_outs: bool
    """It answers STOP, START and HELP itself, for the lines and words that `answers` accepts."""
    sends_parts: bool
    """A consumer's long text may come in parts."""
    reports_parts: bool
    """It reports delivery for each part of a long text."""
    takes_media: bool
    """Consumers can send pictures."""
    sends_media: bool
    """We can send pictures to consumers."""
    longest_text: int
    """The most UTF-16 units of a text to a consumer."""
    encodes_smartly: bool = False
    """It replaces what GSM-7 lacks, as `domain.text.smart_encoding` does, where a text asks so."""
    takes_calls: bool = False
    """It tells us of phone calls, and plays a menu (`providers.voice`)."""


@dataclass(frozen=True)
class Description:
    """Everything the product knows of a provider without calling it."""

    name: str
    """The name in connectors and addresses."""
    label: str
    credentials: type[Credentials]
    capabilities: Capabilities
    texts_webhook: Webhook
    """The address to which it posts consumers' texts."""
    reports_webhook: Webhook
    """The address to which it posts delivery reports; may be the same."""
    example: Mapping[str, str]
    """Made-up credentials for the API's description."""
    checks: tuple[HealthCheck, ...] = ()
    service_address: ServiceAddress | None = None
    """How it writes the address of a pool of senders; None: a line has a number or a short code."""
    media_hosts: frozenset[str] = frozenset()
    """Its own hosts, to which the credentials may be sent to fetch a consumer's file."""

    @property
    def webhooks(self) -> tuple[Webhook, ...]:
        """Its distinct addresses."""
        return tuple(dict.fromkeys((self.texts_webhook, self.reports_webhook)))


def webhook_path(description: Description, line_id: str, webhook: Webhook) -> str:
    """Return the path of a line's webhook."""
    return f"/webhooks/{description.name}/{line_id}/{webhook.path}"


class Provider(Protocol):
    """One SMS provider. Adapters hold an HTTP client, and no state of conversations.

    The credentials passed in are of the model in the adapter's description.
    """

    @property
    def description(self) -> Description:
        """The provider's name, form, addresses and capabilities."""
        ...

    def answers(self, kind: LineKind, keyword: Keyword, text: str, *, is_blocked: bool) -> bool:
        """Say whether the provider itself answers this keyword text on such a line.

        `is_blocked`: it handled the consumer's last STOP on this line, and blocks texts since then.
        """
        ...

    def verify(self, request: WebhookRequest, credentials: Credentials) -> None:
        """Raise `WebhookRefused` unless the provider sent this raw request for this account."""
        ...

    def read(self, request: WebhookRequest) -> Received:
        """Return the texts and reports in a verified request, without reports that change nothing.

        Raises `WebhookRefused` when the provider does not send such requests.
        """
        ...

    def answer(self, request: WebhookRequest, /) -> WebhookAnswer:
        """Return the answer to a request whose content is stored."""
        ...

    async def send(self, text: OutgoingText, credentials: Credentials) -> Accepted:
        """Send one text, within 10 seconds. Raises `SendError`."""
        ...

    async def find(self, sought: Sought, credentials: Credentials) -> Accepted | None:
        """Look up a text whose answer was lost, within 10 seconds. Raises `SendError`.

        Called only for providers with `finds_by_number`.
        """
        ...

    async def ask(self, provider_message_id: str, credentials: Credentials) -> Accepted:
        """Ask for the status of an accepted text, within 10 seconds.

        Called only for those with `finds_by_id`. Raises `SendError`, which says nothing of it.
        """
        ...

    async def check(self, credentials: Credentials) -> tuple[Finding, ...]:
        """Make all of the description's `checks`, within 10 seconds. Raises nothing."""
        ...


def _pairs(encoded: str) -> Pairs:
    try:
        return parse_qsl(encoded, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise WebhookUnreadable from error
