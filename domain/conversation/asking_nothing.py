"""Texts that ask for nothing: thanks, reactions, and what a phone answers by itself.

After the end they stand in the closed conversation and open none. Inside an open one they start no
clock. The door has read each text before it comes here (`domain.courtesies.reading`).
"""

import hashlib
from datetime import datetime, timedelta

from domain.conversation import response_clock
from domain.conversation.inputs import ReceivedText
from domain.conversation.kinds import EventKind, PendingSide, Status
from domain.conversation.state import PhoneAnswer
from domain.conversation.step_context import StepContext
from domain.courtesies.kinds import CourtesyKind
from domain.text.questions import has_question_mark

QUIET = timedelta(hours=24)
"""How long after the end a phone's own answers open nothing. Ours: a drive, a night, a working day.
"""
SHORTEST = 20
"""Characters of the shortest text whose repetition shows a phone. Ours: people do answer `yes` to
two questions in a row, and the shortest ready-made replies have more.
"""
POLITE = (CourtesyKind.thanks, CourtesyKind.reaction)


class AskingNothing:
    """Says which texts ask for nothing, and takes them."""

    def __init__(self, conversation: StepContext) -> None:
        self._conversation = conversation

    # A phone's own answers

    def is_automatic(self, text: ReceivedText) -> bool:
        """Say whether a phone wrote a text: it repeats the last one, or is marked as such.

        It must come within seconds of a text of ours, unless the phone is known already.
        """
        answer = self._conversation.state.phone_answer
        is_same = answer is not None and answer.digest == _digest(text.text)
        if self._reads_on(text) or not self._answers_within:
            return False
        if is_same and answer is not None and answer.is_recognised:
            return True
        is_again = is_same and answer is not None and answer.before != self._sent_at
        is_marked = text.courtesy is not None and text.courtesy.kind is CourtesyKind.automatic
        return self._is_prompt(text) and (is_again or is_marked)

    def hears_phone(self, text: ReceivedText, now: datetime) -> None:
        """Take a text that `is_automatic`: from now on nothing is sent to it automatically."""
        state = self._conversation.state
        known = state.phone_answer
        if known is None or not known.is_recognised:
            self._conversation.happened(EventKind.phone_answers, now, message_id=text.message_id)
            self._take_back_wait(known)
        state.phone_answer = self._answer(text, is_recognised=True)

    def hears_person(self, text: ReceivedText, now: datetime) -> None:
        """Remember a text that a phone may repeat, and that a person writes again."""
        state = self._conversation.state
        is_long = len(text.text.strip()) >= SHORTEST
        may_repeat = is_long and self._is_prompt(text) and not self._reads_on(text)
        answer = self._answer(text) if may_repeat and self._answers_within else None
        known = state.phone_answer
        if answer and known and (known.digest, known.before) == (answer.digest, answer.before):
            return
        if answer and state.waiting_since is None:
            answer = answer.model_copy(update={"waits_since": text.sent_at or now})
        state.phone_answer = answer

    def is_known_answer(self, text: str) -> bool:
        """Say whether a text is what the phone answers by itself."""
        answer = self._conversation.state.phone_answer
        return bool(answer and answer.is_recognised and answer.digest == _digest(text))

    def watch_on(self) -> None:
        """Once closed, keep watching for the phone's answers as long as they may come."""
        state = self._conversation.state
        answer, until = state.phone_answer, None
        if answer and state.status is Status.closed and state.closed_at:
            sent_at = self._sent_at or state.closed_at
            is_known = answer.is_recognised
            until = state.closed_at + QUIET if is_known else sent_at + self._answers_within
        if answer and answer.until != until:
            state.phone_answer = answer.model_copy(update={"until": until})

    # Thanks and reactions

    def owes_nothing(self, text: ReceivedText) -> bool:
        """Say whether a text in an open conversation needs no answer.

        Where an agent's last text asked something, even a thumb answers it.
        """
        state = self._conversation.state
        needs = self._conversation.policy.courtesies.need_answer
        is_answered = state.pending_side is PendingSide.consumer and not state.agent_asked
        return is_answered and not needs and self._is_polite(text)

    def is_owed_nothing(self, text: ReceivedText) -> CourtesyKind | None:
        """Return what a reply to a text of ours is, if it asks for nothing."""
        needs = self._conversation.policy.courtesies.need_answer
        is_unowed = not needs and not text.keyword and self._is_polite(text)
        return text.courtesy.kind if is_unowed and text.courtesy else None

    def belongs_to_closed(self, text: ReceivedText) -> bool:
        """Say whether a text after the end opens nothing and stands in this conversation."""
        state = self._conversation.state
        if state.closed_at is None or state.carried or text.keyword:
            return False
        since = text.texted_at - state.closed_at
        if self._is_polite(text):
            return since <= self._conversation.policy.courtesies.shown_within
        return since <= QUIET and self.is_automatic(text)

    def shown_in_closed(self, text: ReceivedText, now: datetime) -> None:
        """Say in the transcript why a text after the end opened nothing."""
        kind = CourtesyKind.automatic
        if self._is_polite(text) and text.courtesy:
            kind = text.courtesy.kind
        else:
            self.hears_phone(text, now)
        self._conversation.happened(
            EventKind.opened_nothing, now, message_id=text.message_id, courtesy=kind.value
        )

    # Helpers of the rules above

    @property
    def _answers_within(self) -> timedelta:
        return self._conversation.policy.courtesies.answers_within

    @property
    def _sent_at(self) -> datetime | None:
        return self._conversation.state.last_sent_at

    def _is_polite(self, text: ReceivedText) -> bool:
        courtesy = text.courtesy
        if courtesy is None or courtesy.kind not in POLITE or text.media or text.wants_opt_out:
            return False
        agent = self._conversation.state.agent_name or ""
        return courtesy.name is None or courtesy.name in agent.lower().split()

    def _reads_on(self, text: ReceivedText) -> bool:
        """Say whether a text carries something that no phone writes by itself."""
        is_asking = has_question_mark(text.text)
        return bool(is_asking or text.media or text.keyword or text.wants_opt_out)

    def _is_prompt(self, text: ReceivedText) -> bool:
        sent_at = self._sent_at
        return sent_at is not None and (sent_at <= text.texted_at <= sent_at + self._answers_within)

    def _answer(self, text: ReceivedText, *, is_recognised: bool = False) -> PhoneAnswer:
        return PhoneAnswer(
            digest=_digest(text.text), before=self._sent_at, is_recognised=is_recognised
        )

    def _take_back_wait(self, first: PhoneAnswer | None) -> None:
        """Stop the clock that the phone's first answer started, before it was recognised."""
        state = self._conversation.state
        is_its = first is not None and first.waits_since == state.waiting_since
        if state.waiting_since is None or not is_its or state.status is not Status.assigned:
            return
        if not state.response_is_manual:
            response_clock.stop(state)
            state.waiting_since, state.pending_side = None, PendingSide.consumer


def _digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode(errors="replace")).hexdigest()[:32]
