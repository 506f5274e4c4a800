"""Why a text has not been sent yet."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.delivery.delays import (
    BEFORE_SENDING,
    BEFORE_TRIED_AGAIN,
    BEFORE_UNCONFIRMED,
    NOT_TRIED,
    TRIED_AGAIN,
    UnconfirmedText,
    reasons,
)
from domain.delivery.message_status import MessageStatus

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=5)
AGO = NOW - timedelta(seconds=5)
LONG_AGO = NOW - timedelta(minutes=2)
FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))

queued, sending, unknown = MessageStatus.queued, MessageStatus.sending, MessageStatus.unknown


def leaving(
    message_id: UUID,
    status: MessageStatus = queued,
    again_at: datetime | None = None,
    attempted_at: datetime | None = None,
    *,
    strict: bool = False,
) -> UnconfirmedText:
    return UnconfirmedText(message_id, status, again_at, attempted_at, not strict)


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        (leaving(FIRST), None),
        (leaving(FIRST, queued, SOON, AGO), BEFORE_TRIED_AGAIN),
        (leaving(FIRST, queued, SOON), BEFORE_TRIED_AGAIN),
        (leaving(FIRST, sending, SOON, AGO), BEFORE_SENDING),
        (leaving(FIRST, unknown, SOON, AGO), BEFORE_UNCONFIRMED),
        (leaving(FIRST, unknown, SOON, LONG_AGO), None),
        (leaving(FIRST, unknown, SOON, LONG_AGO, strict=True), BEFORE_UNCONFIRMED),
        (leaving(FIRST, unknown, None, AGO), None),
    ],
    ids=[
        "nobody is at it",
        "refused for now",
        "connector shut",
        "in the call",
        "in doubt",
        "overtaken",
        "strict order",
        "given up",
    ],
)
def test_later_texts_say_what_the_one_before_them_waits_for(
    first: UnconfirmedText, reason: str | None
) -> None:
    found = reasons([first, leaving(SECOND), leaving(THIRD)], NOW)
    assert (found.get(SECOND), found.get(THIRD)) == (reason, reason)


def test_a_text_that_is_tried_again_says_so_itself() -> None:
    assert reasons([leaving(FIRST, queued, SOON, AGO)], NOW) == {FIRST: TRIED_AGAIN}
    assert reasons([leaving(FIRST, queued, SOON)], NOW) == {FIRST: NOT_TRIED}
