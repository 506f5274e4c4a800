"""What time is going to do to a conversation, said as sentences for agents.

A deadline is a kind, a time, and the moment it counts from: "Closes in 12 min because the consumer
has been silent since 10:03". Pages put the times in, by the reader's clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.conversation.kinds import DeadlineKind, PendingSide, Status
from domain.conversation.state import ConversationState

Deadlines = dict[DeadlineKind, datetime | None]
"""What may come and when; None: not now."""

WHAT: dict[DeadlineKind, str] = {
    DeadlineKind.offer_lapses: "stops ringing {when}",
    DeadlineKind.agent_transfer_fallback: "goes to the skill's queue {when}",
    DeadlineKind.waiting_in_queue: "tells the consumer {when} that it takes longer",
    DeadlineKind.agent_nudge: "reminds the agent {when}",
    DeadlineKind.agent_silent: "tells the consumer {when} that the answer takes longer",
    DeadlineKind.agent_silent_reroute: "goes back to the queue {when}",
    DeadlineKind.consumer_silent: "reminds the consumer {when}",
    DeadlineKind.auto_close_warning: "warns the consumer {when} that it will close",
    DeadlineKind.auto_close: "closes {when}",
    DeadlineKind.scheduled_text: "sends an agent's text {when}",
    DeadlineKind.survey_expires: "stops asking for a rating {when}",
    DeadlineKind.late_answers_end: "takes no more ratings that come late {when}",
}
"""What happens then, said of the conversation. Kinds without an entry concern nobody."""

WHY: dict[DeadlineKind, str] = {
    DeadlineKind.offer_lapses: "nobody has answered it",
    DeadlineKind.agent_transfer_fallback: "it has been waiting for one agent",
    DeadlineKind.waiting_in_queue: "it has been waiting in the queue",
    DeadlineKind.agent_nudge: "the agent has not answered",
    DeadlineKind.agent_silent: "the agent has not answered",
    DeadlineKind.agent_silent_reroute: "the agent has not answered",
    DeadlineKind.consumer_silent: "the consumer has been silent",
    DeadlineKind.auto_close_warning: "the consumer has been silent",
    DeadlineKind.auto_close: "the consumer has been silent",
    DeadlineKind.scheduled_text: "it was written for then",
    DeadlineKind.survey_expires: "the question has been unanswered",
    DeadlineKind.late_answers_end: "the survey has been over",
}


def answer_owed_since(state: ConversationState) -> datetime | None:
    """Return since when the agent owes an answer; None while they owe nothing."""
    is_owed = state.status is Status.assigned and state.pending_side is PendingSide.agent
    if not is_owed or state.assigned_at is None:
        return None
    return max(state.assigned_at, state.waiting_since or state.assigned_at)


def closing_counts_from(state: ConversationState) -> datetime | None:
    """Return the moment from which silence closes a conversation; None before anybody wrote.

    The last message of a person, the return, the resuming after a hold, or the end of what was
    promised by hand: the latest of them.
    """
    if state.quiet_since is None:
        return None
    moments = (state.quiet_since, state.auto_close_from, state.promised_until)
    return max(at for at in moments if at is not None)


def counted_from(state: ConversationState) -> dict[DeadlineKind, datetime]:
    """Return the moment each deadline counts from, where it is one that a person can know."""
    owed, survey = answer_owed_since(state), state.survey
    # A promise that decides lies ahead: nothing has been silent since then.
    silent = closing_counts_from(state)
    silent = None if silent == state.promised_until else silent
    moments = {
        DeadlineKind.agent_transfer_fallback: state.queued_at,
        DeadlineKind.waiting_in_queue: state.queued_at,
        DeadlineKind.agent_nudge: owed,
        DeadlineKind.agent_silent: owed,
        DeadlineKind.agent_silent_reroute: owed,
        DeadlineKind.consumer_silent: state.agent_wrote_at,
        DeadlineKind.auto_close_warning: silent,
        DeadlineKind.auto_close: silent,
        DeadlineKind.survey_expires: survey.last_asked_at if survey else None,
    }
    return {kind: at for kind, at in moments.items() if at is not None}


@dataclass(frozen=True)
class Due:
    """One deadline in words: "closes {when}" because "the consumer has been silent" `since`."""

    kind: DeadlineKind
    at: datetime
    what: str
    why: str
    since: datetime | None = None

    @property
    def around(self) -> tuple[str, str]:
        """Return what happens as the beginning of a sentence: before its time, and after it."""
        before, _, after = self.what.partition("{when}")
        return before[0].upper() + before[1:].rstrip(), after.strip()

    def sentence(self, when: str, since: str | None = None) -> str:
        """Return it as a sentence; `when` and `since` are said as the reader's clock has them."""
        happens = " ".join(part for part in (self.around[0], when, self.around[1]) if part)
        counted = f" since {since}" if since else ""
        return f"{happens} because {self.why}{counted}."


def in_words(
    deadlines: Mapping[DeadlineKind, datetime], since: Mapping[DeadlineKind, datetime]
) -> list[Due]:
    """Return the deadlines that concern agents, the next one first."""
    told = [
        Due(kind, at, WHAT[kind], WHY[kind], since.get(kind))
        for kind, at in deadlines.items()
        if kind in WHAT
    ]
    return sorted(told, key=lambda due: due.at)
