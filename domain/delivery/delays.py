"""Why a queued text has not been sent yet, in sentences for its agent.

Texts to one phone are sent in order. In a conversation, each text waits until the provider has the
one before it, or for some seconds if that is in doubt. A text without a conversation and the texts
of a conversation wait for each other only while the earlier one is being handed over or was tried
some seconds ago, so a text that the provider refuses for hours does not hold up the other kind.
`database.queries.sending.NOT_OVERTAKING` is that rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.delivery.message_status import MessageStatus

HOLDS_UP_FOR = timedelta(seconds=30)
"""How long a text in doubt holds up later texts that may overtake it. Ours: the provider's usual
time to answer, and the time until the next attempt.
"""

OUT_OF_ORDER = "It waits: the connection to the provider is out of order."
IN_TURN = "It waits for its turn: its line may only send so many segments a second."
NOT_TRIED = "This text has not been handed to the provider yet. It is tried again."
TRIED_AGAIN = "The provider has not taken this text yet. It is tried again."
BEFORE_TRIED_AGAIN = "It waits for the text before it, which the provider has not taken yet."
BEFORE_SENDING = "It waits for the text before it, which is being handed to the provider."
BEFORE_UNCONFIRMED = (
    "It waits for the text before it: the provider did not answer, and Switchboard is asking "
    "whether that text was sent."
)


@dataclass(frozen=True)
class UnconfirmedText:
    """A text that the provider has not confirmed.

    `again_at`: when it is next tried, or the provider is next asked about it; None: neither is
    planned. `is_connector_paused`: the provider refuses the whole account. `leaves_at`: when its
    line has room for it.
    """

    message_id: UUID
    status: MessageStatus
    again_at: datetime | None
    attempted_at: datetime | None
    may_be_overtaken: bool
    is_connector_paused: bool = False
    leaves_at: datetime | None = None


def reasons(texts: Sequence[UnconfirmedText], now: datetime) -> dict[UUID, str]:
    """Return why queued texts of one conversation wait, by id. `texts`: in the order of sending."""
    found: dict[UUID, str] = {}
    before: str | None = None
    for text in texts:
        if text.status is MessageStatus.queued and (why := before or _waits(text, now)):
            found[text.message_id] = why
        before = before or _holds_up(text, now)
    return found


def _waits(text: UnconfirmedText, now: datetime) -> str | None:
    if text.is_connector_paused:
        return OUT_OF_ORDER
    if text.leaves_at and text.leaves_at > now:
        return IN_TURN
    if text.again_at is None:
        return None
    return TRIED_AGAIN if text.attempted_at else NOT_TRIED


def _holds_up(text: UnconfirmedText, now: datetime) -> str | None:
    if text.status is MessageStatus.queued and text.is_connector_paused:
        return OUT_OF_ORDER
    if text.status is MessageStatus.queued:
        return BEFORE_TRIED_AGAIN if text.again_at else None
    if text.status is MessageStatus.sending:
        return BEFORE_SENDING
    is_over = text.again_at is None or (
        text.may_be_overtaken and now - (text.attempted_at or now) > HOLDS_UP_FOR
    )
    return None if is_over else BEFORE_UNCONFIRMED
