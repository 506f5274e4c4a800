"""What providers and we said to each other, in answers."""

from datetime import datetime
from uuid import UUID

from api.schemas.shared import Answer
from domain.delivery.exchanges import ExchangeKind


class ExchangeOut(Answer):
    """A request and its answer, redacted: no secrets, no texts, phone numbers cut to four digits.

    `send`, `search`, `ask`, `check` and `file` are our requests to the provider; `text`, `report`
    and `webhook` are the provider's to us. `status` is the answer's, null if there was none.
    `outcome` is our code for what was wrong, null if nothing was.
    """

    id: UUID
    kind: ExchangeKind
    connector_id: str
    line_id: str | None
    provider_message_id: str | None
    at: datetime
    milliseconds: int
    method: str
    url: str
    request: str
    status: int | None
    answer: str
    outcome: str | None
