"""Why a text that is to leave still waits, in sentences for its agent.

Texts to one phone leave in order. In a conversation each waits for the one before it: until the
provider has it, or for some seconds where that is in doubt. A text that stands in no conversation
and those of a conversation wait for each other as long as the earlier one is being handed over or
was tried some seconds ago: one that the provider does not take for hours holds up no other kind.
`database.queries.sending.NOT_OVERTAKING` is that rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.delivery.message_status import MessageStatus

HOLDS_UP_FOR = timedelta(seconds=30)
"""How long a text in doubt holds up later ones that may overtake it: some seconds, and what it
takes until they leave. Ours.
"""

TRIED_AGAIN = "The provider has not taken this text yet. It is tried again."
BEFORE_TRIED_AGAIN = "It waits for the text before it, which the provider has not taken yet."
BEFORE_SENDING = "It waits for the text before it, which is being handed to the provider."
BEFORE_UNCONFIRMED = (
    "It waits for the text before it: the provider did not answer, and we are finding out whether "
    "that one was sent."
)


@dataclass(frozen=True)
class UnconfirmedText:
    """A text that is not the provider's yet, as far as is known.

    `again_at`: when it is tried next, or the provider is asked about it; None where neither was
    arranged.
    """

    message_id: UUID
    status: MessageStatus
    again_at: datetime | None
    attempted_at: datetime | None
    may_be_overtaken: bool


def reasons(texts: Sequence[UnconfirmedText], now: datetime) -> dict[UUID, str]:
    """Return why queued texts of one conversation wait, by id; `texts` in their order."""
    found: dict[UUID, str] = {}
    before: str | None = None
    for text in texts:
        if text.status is MessageStatus.queued and before:
            found[text.message_id] = before
        elif text.status is MessageStatus.queued and text.again_at:
            found[text.message_id] = TRIED_AGAIN
        before = before or _holds_up(text, now)
    return found


def _holds_up(text: UnconfirmedText, now: datetime) -> str | None:
    if text.status is MessageStatus.queued:
        return BEFORE_TRIED_AGAIN if text.again_at else None
    if text.status is MessageStatus.sending:
        return BEFORE_SENDING
    is_over = text.again_at is None or (
        text.may_be_overtaken and now - (text.attempted_at or now) > HOLDS_UP_FOR
    )
    return None if is_over else BEFORE_UNCONFIRMED
