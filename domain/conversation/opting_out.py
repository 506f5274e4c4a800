"""Keywords and opt-outs of any origin, which come before every other rule."""

from datetime import datetime

from domain.automatic.kinds import Automatic
from domain.consent.keyword import Keyword
from domain.conversation.closing import Closing
from domain.conversation.inputs import Person, ReceivedText
from domain.conversation.kinds import EventKind
from domain.conversation.permissions import check_handles
from domain.conversation.step_context import StepContext
from domain.errors import NotFound


class OptingOut:
    """Handles a consumer who opts out, opts in again, asks for help, or wants no more texts."""

    def __init__(self, conversation: StepContext, closing: Closing) -> None:
        self._conversation = conversation
        self._closing = closing

    def take_keyword(self, text: ReceivedText, now: datetime) -> bool:
        """Act on a keyword, and confirm it unless the provider does or it came too late.

        Returns whether the consumer's consent changed. A keyword that changed nothing may be an
        ordinary word, such as an answer to "Rebooking or info?".
        """
        conversation = self._conversation
        if text.keyword is Keyword.stop:
            self.opt_out(now, announce=not (text.provider_handled or text.is_filed))
            return True
        opts_in = text.keyword is Keyword.start and conversation.state.is_opted_out
        if text.keyword is Keyword.start:
            conversation.state.is_opted_out = False
            conversation.happened(EventKind.opted_in, now)
        if not text.provider_handled:
            kind = Automatic.opted_in if text.keyword is Keyword.start else Automatic.help
            conversation.send_automatic(kind, now, is_consent_reply=True)
        return opts_in

    def wished(self, text: ReceivedText, now: datetime) -> None:
        """Flag that the consumer seems to want no more texts, so that an agent can decide."""
        state = self._conversation.state
        state.opt_out_wished_at = state.opt_out_wished_at or now
        self._conversation.happened(EventKind.opt_out_wished, now, message_id=text.message_id)

    def check_dismiss(self, person: Person) -> None:
        """Refuse people who may not handle the conversation, and where no wish is flagged."""
        state = self._conversation.state
        check_handles(state, person)
        if state.opt_out_wished_at is None:
            raise NotFound("No wish to opt out is flagged here.")

    def wish_dismissed(self, person: Person, key: str, now: datetime) -> None:
        """Take the flag away: what the consumer wrote was no wish to opt out."""
        self.check_dismiss(person)
        self._conversation.state.opt_out_wished_at = None
        self._conversation.happened(
            EventKind.opt_out_wish_dismissed, now, agent_id=person.agent_id, command_key=key
        )

    def opt_out(self, now: datetime, *, announce: bool = False) -> None:
        """Close without a survey and send nothing more, except a confirmation if `announce`."""
        self._conversation.state.is_opted_out = True
        self._conversation.happened(EventKind.opted_out, now)
        if announce:
            self._conversation.send_automatic(Automatic.opted_out, now, is_consent_reply=True)
        self._closing.opted_out(now)
