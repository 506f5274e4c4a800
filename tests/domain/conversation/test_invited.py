"""A reply to a text that was sent before there was a conversation."""

from datetime import timedelta

import pytest

from domain.conversation.conversation import Conversation
from domain.conversation.effects import Effect, Happened, MessageWritten
from domain.conversation.inputs import Identity, ReceivedText, begin
from domain.conversation.kinds import EventKind, Status
from domain.conversation.state import InvitationText
from domain.courtesies.kinds import Courtesy, CourtesyKind
from domain.delivery.message_status import MessageStatus
from domain.origins.kinds import OriginKind
from domain.origins.origin import Origin
from tests.domain.scenario import FIRST_TIME, SUPPORT, TEN

THANKS = Courtesy(CourtesyKind.thanks)
BY_ITSELF = Courtesy(CourtesyKind.automatic)
PARCEL = "Your parcel is here."


def replied(
    text: str, courtesy: Courtesy | None = None, *, to: str = PARCEL, ago: timedelta
) -> tuple[Conversation, list[Effect]]:
    """Let a consumer answer an invitation that left a while ago."""
    left_at = TEN - ago
    shown = InvitationText(
        message_id="invitation",
        text=to,
        written_at=left_at,
        left_at=left_at,
        status=MessageStatus.sent,
    )
    origin = Origin(kind=OriginKind.notification, id="batch", message_id="invitation")
    identity = Identity("conversation", "acme", "acme-support", "ada", 1)
    core = Conversation(begin(identity, SUPPORT, FIRST_TIME, "consumer", TEN, origin), SUPPORT)
    received = ReceivedText("text", text, courtesy=courtesy, received_at=TEN)
    core.opened_by_consumer(received, FIRST_TIME, TEN, shown)
    return core, core.take_effects()


def told(effects: list[Effect]) -> list[EventKind]:
    return [one.kind for one in effects if isinstance(one, Happened)]


def test_the_transcript_begins_with_the_text_which_is_not_sent_again() -> None:
    core, effects = replied("Where exactly?", ago=timedelta(hours=1))
    messages = [one for one in effects if isinstance(one, MessageWritten)]
    assert [(one.position, one.text) for one in messages] == [(1, PARCEL), (2, "Where exactly?")]
    assert not any(one.is_to_send for one in messages)  # and nobody is welcomed
    assert core.state.status is Status.waiting
    opened = effects[0]
    assert isinstance(opened, Happened)
    assert opened.data["origin"] == "notification"
    assert opened.data["origin_id"] == "batch"


@pytest.mark.parametrize(
    ("text", "courtesy", "kind"),
    [
        ("ok thanks", THANKS, EventKind.no_answer_owed),
        ("I am driving", BY_ITSELF, EventKind.phone_answers),
    ],
)
def test_an_answer_that_asks_for_nothing_waits_for_nobody(
    text: str, courtesy: Courtesy, kind: EventKind
) -> None:
    core, effects = replied(text, courtesy, ago=timedelta(seconds=3))
    assert (core.state.status, core.state.closed_at_once) == (Status.closed, True)
    assert kind in told(effects)
    assert EventKind.conversation_queued not in told(effects)


def test_thanks_to_a_question_are_an_answer() -> None:
    core, _ = replied("ok thanks", THANKS, to="Is Monday fine?", ago=timedelta(hours=1))
    assert core.state.status is Status.waiting


def test_a_person_may_write_what_phones_write_hours_later() -> None:
    core, _ = replied("I am driving", BY_ITSELF, ago=timedelta(hours=1))
    assert core.state.status is Status.waiting
