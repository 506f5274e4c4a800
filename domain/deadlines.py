"""What time is going to do to a conversation, said as sentences for agents.

A deadline is a kind, a time, and the moment it counts from: "Closes because the consumer has been
silent since 10:03". Pages put the clock times in, in the reader's time zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.state import ConversationState
from domain.words import DeadlineKind, PendingSide, Status

Deadlines = dict[DeadlineKind, datetime | None]
"""What may come and when; None: not now."""

WHAT: dict[DeadlineKind, str] = {
    DeadlineKind.offer_lapses: "goes to the next agent",
    DeadlineKind.agent_transfer_fallback: "goes to the skill's queue",
    DeadlineKind.waiting_in_queue: "tells the consumer that it takes longer",
    DeadlineKind.agent_nudge: "reminds the agent",
    DeadlineKind.agent_silent: "tells the consumer that the answer takes longer",
    DeadlineKind.agent_silent_reroute: "goes back to the queue",
    DeadlineKind.consumer_silent: "reminds the consumer",
    DeadlineKind.auto_close_warning: "tells the consumer that it will close",
    DeadlineKind.auto_close: "closes",
    DeadlineKind.scheduled_text: "sends a text",
    DeadlineKind.survey_expires: "withdraws the survey's question",
    DeadlineKind.late_answers_end: "takes no more late answers to the survey",
}
"""What happens then, said of the conversation. Kinds without an entry concern nobody."""

WHY: dict[DeadlineKind, str] = {
    DeadlineKind.offer_lapses: "it has been ringing",
    DeadlineKind.agent_transfer_fallback: "it has been waiting for one agent",
    DeadlineKind.waiting_in_queue: "it has been waiting in the queue",
    DeadlineKind.agent_nudge: "an answer has been owed",
    DeadlineKind.agent_silent: "an answer has been owed",
    DeadlineKind.agent_silent_reroute: "an answer has been owed",
    DeadlineKind.consumer_silent: "the consumer has been silent",
    DeadlineKind.auto_close_warning: "the consumer has been silent",
    DeadlineKind.auto_close: "the consumer has been silent",
    DeadlineKind.scheduled_text: "an agent wrote it for then",
    DeadlineKind.survey_expires: "the question has been unanswered",
    DeadlineKind.late_answers_end: "the survey has been over",
}


def answer_owed_since(state: ConversationState) -> datetime | None:
    """Return since when the agent owes an answer; None while they owe nothing."""
    is_owed = state.status is Status.assigned and state.pending_side is PendingSide.agent
    if not is_owed or state.assigned_at is None:
        return None
    return max(state.assigned_at, state.waiting_since or state.assigned_at)


def counted_from(state: ConversationState) -> dict[DeadlineKind, datetime]:
    """Return the moment each deadline counts from, where it is one that a person can know."""
    owed, survey = answer_owed_since(state), state.survey
    moments = {
        DeadlineKind.agent_transfer_fallback: state.queued_at,
        DeadlineKind.waiting_in_queue: state.queued_at,
        DeadlineKind.agent_nudge: owed,
        DeadlineKind.agent_silent: owed,
        DeadlineKind.agent_silent_reroute: owed,
        DeadlineKind.consumer_silent: state.agent_wrote_at,
        DeadlineKind.auto_close_warning: state.quiet_since,
        DeadlineKind.auto_close: state.quiet_since,
        DeadlineKind.survey_expires: survey.asked_at if survey else None,
    }
    return {kind: at for kind, at in moments.items() if at is not None}


@dataclass(frozen=True)
class Due:
    """One deadline in words: "closes" at `at`, because "the consumer has been silent" `since`."""

    kind: DeadlineKind
    at: datetime
    what: str
    why: str
    since: datetime | None = None

    def sentence(self, since: str | None = None) -> str:
        """Return it as a sentence; `since` is the moment it counts from, as the reader's clock."""
        counted = f" since {since}" if since else ""
        return f"{self.what[0].upper()}{self.what[1:]} because {self.why}{counted}."


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
