"""Exchanges with a provider, as they are kept for administrators."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

LONGEST_KEPT = 4_000
"""Characters kept of a request and of an answer. Ours: a text and its answer have about one
thousand, a list of texts is cut.
"""


class ExchangeKind(StrEnum):
    """What an exchange was for. The last three are webhooks."""

    send = "send"
    search = "search"
    ask = "ask"
    check = "check"
    listing = "listing"
    file = "file"
    """We fetched a file of a consumer's text."""
    text = "text"
    report = "report"
    webhook = "webhook"
    """A webhook that holds neither text nor report, or could not be read."""


@dataclass(frozen=True)
class Exchange:
    """A request and its answer, redacted: see `tracing.redaction`.

    `outcome`: our code for what was wrong; None if nothing was. `status`: None without an answer.
    `message_id`: ours, if it is known.
    """

    id: UUID
    account_id: str
    connector_id: str
    line_id: str | None
    message_id: UUID | None
    provider_message_id: str | None
    kind: ExchangeKind
    at: datetime
    milliseconds: int
    method: str
    url: str
    request: str
    status: int | None
    answer: str
    outcome: str | None
