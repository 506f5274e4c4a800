"""Automatic replies to a consumer's text: welcome, off hours, attachments that are no pictures."""

from datetime import datetime

from domain.automatic.kinds import Automatic
from domain.conversation.effects import MediaRef
from domain.conversation.inputs import ReceivedText
from domain.conversation.state import ConsumerFacts
from domain.conversation.step_context import StepContext

PICTURES = frozenset({"jpeg", "jpg", "pjpeg", "png", "gif", "webp", "heic", "heif", "bmp", "tiff"})

PLAIN_TEXT = ("text", "plain")
"""A part of a picture message that is a text: it becomes a text of its own (`ingress.files`)."""


class InboundReplies:
    """Decides which automatic messages answer a text."""

    def __init__(self, conversation: StepContext) -> None:
        self._conversation = conversation

    def to_opening(self, text: ReceivedText, facts: ConsumerFacts, now: datetime) -> None:
        """Welcome the consumer, unless the conversation reads as a continuation.

        A text that arrived late gets none of these messages: each is worded as a quick answer.
        """
        if text.is_late:
            return
        if facts.continues:
            is_welcomed = False
        elif self._is_open(now):
            event = Automatic.first_welcome if facts.is_first else Automatic.welcome
            is_welcomed = self._conversation.send_automatic(event, now)
        else:
            is_welcomed = self._say_closed(_off_hours_welcome(facts), now)
        self._answer(text, now, is_told=is_welcomed)

    def to_text(self, text: ReceivedText, now: datetime) -> None:
        """Tell a consumer who writes outside working hours, once until hours begin again."""
        if not text.is_late:
            self._answer(text, now)

    def _answer(self, text: ReceivedText, now: datetime, *, is_told: bool = False) -> None:
        if not is_told and not self._is_open(now):
            self._say_closed(Automatic.off_hours, now)
        if not all(is_expected(attachment) for attachment in text.media):
            self._conversation.send_automatic(Automatic.media_refused, now)

    def _say_closed(self, event: Automatic, now: datetime) -> bool:
        state, hours = self._conversation.state, self._conversation.policy.hours
        if state.off_hours_until is not None and now < state.off_hours_until:
            return False
        if not self._conversation.send_automatic(event, now):
            return False
        state.off_hours_until = hours.next_open(now) or hours.known_until
        return True

    def _is_open(self, now: datetime) -> bool:
        """Say whether somebody answers now: people by their hours, a bot at any time."""
        hours = self._conversation.policy.hours
        return self._is_for_bot or hours.is_open(now)

    @property
    def _is_for_bot(self) -> bool:
        state, bot = self._conversation.state, self._conversation.policy.bot
        begins = state.bot is None and state.queued_at is None and state.agent_id is None
        return bot is not None and (state.is_with_bot or (begins and not state.is_program))


def is_expected(attachment: MediaRef) -> bool:
    """Say whether an attachment is a picture or a text; an unnamed type counts as a picture."""
    kind, _, name = attachment.content_type.lower().partition(";")[0].strip().partition("/")
    return not kind or (kind == "image" and name in PICTURES) or (kind, name) == PLAIN_TEXT


def _off_hours_welcome(facts: ConsumerFacts) -> Automatic:
    if facts.is_first:
        return Automatic.first_welcome_off_hours
    return Automatic.welcome_off_hours
