"""What operators read in the Temporal UI: plain words for steps, sends, timers and the whole.

Summaries and details are encrypted like every payload; still no text of a message stands here.
"""

from collections.abc import Sequence

from domain.conversation.conversation import Conversation
from domain.conversation.effects import Happened, MessageWritten, QueuedText
from domain.conversation.event_words import EVENTS
from domain.conversation.kinds import Author, DeadlineKind, Status
from workflows.conversation.messages import ConversationEnded

MESSAGE_WORDS = {
    Author.consumer: "consumer's text",
    Author.agent: "agent's reply",
    Author.system: "automatic message",
    Author.note: "note",
}
STATUS_WORDS = {
    Status.waiting: "waiting for an agent",
    Status.assigned: "with an agent",
    Status.survey: "closed, the consumer is asked to rate it",
    Status.closed: "closed",
}

DEADLINE_WORDS = {
    DeadlineKind.offer_lapses: "offer lapses",
    DeadlineKind.agent_transfer_fallback: "agent did not take the transfer",
    DeadlineKind.waiting_in_queue: "consumer is told that it takes longer in the queue",
    DeadlineKind.agent_nudge: "agent is reminded",
    DeadlineKind.agent_silent: "consumer is told that it takes longer",
    DeadlineKind.agent_silent_reroute: "agent did not answer",
    DeadlineKind.consumer_silent: "consumer is reminded",
    DeadlineKind.auto_close_warning: "consumer is warned of the auto-close",
    DeadlineKind.auto_close: "auto-close",
    DeadlineKind.scheduled_text: "agent's text leaves",
    DeadlineKind.survey_expires: "survey expires",
    DeadlineKind.late_answers_end: "late answers end",
    DeadlineKind.hours_read_anew: "working hours are read anew",
}


def step(effects: Sequence[MessageWritten | Happened]) -> str:
    """Say what a step did, such as `consumer's text, rated, rating ended`."""
    words = (_word(effect) for effect in effects)
    return ", ".join(dict.fromkeys(word for word in words if word))[:200]


def _word(effect: MessageWritten | Happened) -> str | None:
    if isinstance(effect, Happened):
        return EVENTS[effect.kind].step
    if effect.automatic:
        return f"{MESSAGE_WORDS[effect.author]} {effect.automatic.value}"
    return MESSAGE_WORDS[effect.author]


def sending(text: QueuedText) -> str:
    """Say what is being sent, such as `reply by Ann` or `automatic message welcome`."""
    if text.automatic:
        return f"automatic message {text.automatic.value}"
    return f"reply by {text.agent_name or 'an agent'}"


def waiting(core: Conversation | None) -> str:
    """Say what the running timer is for."""
    deadlines = core.deadlines if core else {}
    if not deadlines:
        return "nothing"
    return DEADLINE_WORDS[min(deadlines, key=lambda kind: deadlines[kind])]


def details(core: Conversation) -> str:
    """Describe the conversation as it stands, in Markdown."""
    state = core.state
    lines = [
        f"**{STATUS_WORDS[state.status].capitalize()}**",
        f"- Conversation: `{state.id}`",
        f"- Skill: {state.skill_name or 'none'}",
        f"- Agent: {state.agent_name or 'none'}",
        f"- Expected to write next: the {state.pending_side.value}",
        f"- Messages: {state.message_count}",
    ]
    if state.close_reason:
        lines.append(f"- Closed by: {state.close_reason.value}")
    if state.survey and state.survey.score is not None:
        lines.append(f"- Rating: {state.survey.score}")
    lines += [
        f"- {DEADLINE_WORDS[kind]}: {at:%Y-%m-%d %H:%M:%S} UTC"
        for kind, at in core.deadlines.items()
    ]
    return "\n".join(lines)


def ended(core: Conversation | None) -> ConversationEnded:
    """Return the workflow's result."""
    if core is None:
        return ConversationEnded()
    state = core.state
    return ConversationEnded(
        conversation_id=state.id,
        close_reason=state.close_reason,
        messages=state.message_count,
        score=state.survey.score if state.survey else None,
    )
