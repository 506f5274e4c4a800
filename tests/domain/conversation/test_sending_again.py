"""Sending again what surely did not leave: which texts, by whom, and once."""

from datetime import timedelta

import pytest

from domain.conversation.effects import MessageWritten
from domain.conversation.kinds import Author, PendingSide
from domain.conversation.sending_again import (
    ALREADY,
    AUTOMATIC,
    IN_DOUBT,
    LEFT,
    NOT_OURS,
    UNDER_WAY,
    Attempted,
    refuses_again,
)
from domain.delivery.message_status import MessageStatus
from domain.errors import ConversationNotAssigned, SendingAgainRefused
from tests.domain.scenario import ANN, BEN, with_ann

FAILED = MessageStatus.failed


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (Attempted(Author.agent, FAILED), None),
        (Attempted(Author.bot, FAILED), None),
        (Attempted(Author.agent, FAILED, is_known_there=True), LEFT),
        (Attempted(Author.agent, FAILED, maybe_left_before=True), IN_DOUBT),
        (Attempted(Author.agent, MessageStatus.unknown), IN_DOUBT),
        (Attempted(Author.agent, MessageStatus.queued), UNDER_WAY),
        (Attempted(Author.agent, MessageStatus.undelivered, is_known_there=True), LEFT),
        (Attempted(Author.system, FAILED), AUTOMATIC),
        (Attempted(Author.consumer, MessageStatus.received), NOT_OURS),
    ],
)
def test_only_what_surely_did_not_leave_is_sent_again(text: Attempted, refusal: str | None) -> None:
    assert refuses_again(text) == refusal


def test_it_is_a_reply_of_whoever_sends_it_and_happens_once() -> None:
    held = with_ann()
    core, now = held.core, held.now + timedelta(minutes=1)
    with pytest.raises(ConversationNotAssigned):
        core.sending_again.check(BEN, "lost", "Hello", ())
    new = core.sending_again.sent(ANN, "lost", "Hello", "key", now, ())
    *_, written = core.take_effects()
    assert isinstance(written, MessageWritten)
    assert (written.message_id, written.sends_again) == (new, "lost")
    assert (written.author, written.status) == (Author.agent, MessageStatus.queued)
    assert core.state.pending_side is PendingSide.consumer
    with pytest.raises(SendingAgainRefused, match=ALREADY):
        core.sending_again.check(ANN, "lost", "Hello", ())
