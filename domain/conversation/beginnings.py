"""How a conversation begins: its first event, and what a reply to an invitation gets."""

from datetime import datetime

from domain.conversation.asking_nothing import AskingNothing
from domain.conversation.inputs import Person, ReceivedText
from domain.conversation.kinds import EventKind
from domain.conversation.state import ConsumerFacts, InvitationText
from domain.conversation.step_context import StepContext
from domain.courtesies.kinds import CourtesyKind
from domain.text.questions import has_question_mark


class Beginnings:
    """Tells how a conversation began."""

    def __init__(self, conversation: StepContext, nothing: AskingNothing) -> None:
        self._conversation = conversation
        self._nothing = nothing

    def by_consumer(
        self, text: ReceivedText, invitation: InvitationText | None, now: datetime
    ) -> CourtesyKind | None:
        """Open, showing the invitation that the text answers.

        Returns what the text is, if it answers an invitation and asks for nothing.
        """
        self._opened(now, opened_by="consumer")
        if invitation is None:
            return None
        self._conversation.show_invitation(invitation)
        if self._nothing.is_automatic(text):
            return CourtesyKind.automatic
        is_asked = has_question_mark(invitation.text)
        return None if is_asked else self._nothing.is_owed_nothing(text)

    def say_unowed(self, text: ReceivedText, kind: CourtesyKind | None, now: datetime) -> None:
        """Say why a text that answers an invitation waits for nobody."""
        if kind is CourtesyKind.automatic:
            self._nothing.hears_phone(text, now)
        elif kind is not None:
            self._conversation.happened(
                EventKind.no_answer_owed, now, message_id=text.message_id, courtesy=kind.value
            )

    def by_agent(self, person: Person, now: datetime) -> None:
        """Open by an agent's text."""
        self._opened(now, agent_id=person.agent_id, opened_by="agent")

    def by_carried(self, before: str, now: datetime) -> None:
        """Open with texts of the conversation `before`."""
        self._opened(now, opened_by="consumer", continues=before)

    def greeted(self, facts: ConsumerFacts) -> ConsumerFacts:
        """Return the facts for the welcome: a reply to our own text reads as a continuation."""
        is_invited = self._conversation.state.origin.message_id is not None
        return facts.model_copy(update={"continues": True}) if is_invited else facts

    def _opened(
        self, now: datetime, *, opened_by: str, agent_id: str | None = None, **told: str
    ) -> None:
        origin = self._conversation.state.origin
        told |= {"origin_id": origin.id} if origin.id else {}
        self._conversation.happened(
            EventKind.conversation_opened,
            now,
            agent_id=agent_id,
            opened_by=opened_by,
            origin=origin.kind.value,
            skill_id=self._conversation.state.skill_id,
            **told,
        )
