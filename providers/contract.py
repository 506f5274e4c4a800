"""What an adapter of an SMS provider must do: verify, parse, acknowledge, send, reconcile.

An adapter speaks one provider's wire protocol and knows nothing of conversations. Everything it
learns leaves it as the small frozen values below.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.consent.keyword import Keyword
from domain.delivery.message_status import MessageStatus
from domain.numbers.kinds import LineKind


class Blame(StrEnum):
    """Whose fault a failed send is: decides who must act."""

    recipient = "recipient"
    content = "content"
    configuration = "configuration"
    provider = "provider"


class Outcome(StrEnum):
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
    outcome: Outcome
    blame: Blame
    sentence: str
    provider_code: str | None = None
    retry_after: float | None = None
    is_opt_out: bool = False

    def __str__(self) -> str:
        return f"{self.code} ({self.provider_code or 'no code'})"


@dataclass(frozen=True)
class Media:
    """A picture in a consumer's text: where the provider keeps it, and its MIME type."""

    url: str
    content_type: str


@dataclass(frozen=True)
class InboundText:
    """One consumer's text as the provider delivered it. `sender` and `recipient` as written."""

    provider_message_id: str
    sender: str
    recipient: str
    text: str
    media: tuple[Media, ...] = ()
    opt_out_type: str | None = None
    """STOP, START or HELP when the provider itself handled the keyword."""
    service: str | None = None
    """The pool of senders it was texted to, as the provider names it."""
    channel: str | None = None
    """The provider's word for what it came by, where that was not SMS: whatsapp, rcs."""
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StatusReport:
    """A delivery callback, already in our words. `message_id` is ours when it came back.

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


@dataclass(frozen=True)
class WebhookRequest:
    """What arrived, before anything is trusted. `url` is built from the configured public base
    URL; `form` holds every pair in order, blanks and duplicates included.
    """

    url: str
    headers: Mapping[str, str]
    form: Sequence[tuple[str, str]]
    query: Mapping[str, str]


@dataclass(frozen=True)
class Credentials:
    """A connector's secrets in the clear, for as long as a call lasts.

    Twilio: `account` is the account SID, `secrets` the auth tokens (current first, then
    previous), `signing_keys` the webhook shared keys by id, `requires_sha256` whether a webhook
    signed with SHA-1 is refused. `api_key`: (key SID, secret) used for REST instead of the token.
    """

    account: str
    secrets: tuple[str, ...]
    signing_keys: Mapping[str, str] = field(default_factory=dict)
    requires_sha256: bool = False
    api_key: tuple[str, str] | None = None
    api_url: str | None = None

    def __repr__(self) -> str:
        return f"Credentials(account={self.account!r}, secrets=hidden)"


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


class Provider(Protocol):
    """One SMS provider. Implementations hold an HTTP client and no state of conversations."""

    name: str

    def answers(self, kind: LineKind, keyword: Keyword, text: str, *, is_blocked: bool) -> bool:
        """Say whether the provider itself answers this keyword text on such a line.

        `is_blocked`: it heard the consumer's last STOP there, and lets nothing through since.
        """
        ...

    def verify(self, request: WebhookRequest, credentials: Credentials) -> None:
        """Raise `WebhookRefused` unless the signature on the raw form is right."""
        ...

    def parse_inbound(self, request: WebhookRequest) -> InboundText:
        """Read a consumer's text. Raises `WebhookRefused` when it is not one."""
        ...

    def parse_status(self, request: WebhookRequest) -> StatusReport | None:
        """Read a delivery callback; None for a status that says nothing new."""
        ...

    def acknowledgement(self) -> tuple[str, str]:
        """Return body and media type of the answer that makes the provider say nothing."""
        ...

    async def send(self, text: OutgoingText, credentials: Credentials) -> Accepted:
        """Hand one text over, within 10 seconds. Raises `SendError`."""
        ...

    async def find(self, sought: Sought, credentials: Credentials) -> Accepted | None:
        """Look a text up whose answer was lost, within 10 seconds. Raises `SendError`."""
        ...

    async def ask(self, provider_message_id: str, credentials: Credentials) -> Accepted:
        """Ask what became of a text that was taken, within 10 seconds.

        Raises `SendError`, which says nothing about the text.
        """
        ...
