"""What operators read in the Temporal UI about steps, sends, timers and the whole conversation.

Summaries and details are encrypted like every payload. Even so, they never contain a message text.
"""

from collections.abc import Sequence
from typing import assert_never

from domain.conversation.conversation import Conversation
from domain.conversation.effects import Effect, Happened, MessageWritten, QueuedText
from domain.conversation.kinds import EVENTS, Author, Status
from domain.conversation.timers import BY_KIND
from workflows.conversation.messages import ConversationEnded

MESSAGE_WORDS = {
    Author.consumer: "consumer's text",
    Author.agent: "agent's reply",
    Author.bot: "bot's text",
    Author.system: "automatic message",
    Author.note: "note",
}
STATUS_WORDS = {
    Status.waiting: "waiting for an agent",
    Status.assigned: "with an agent",
    Status.survey: "closed, the consumer is asked to rate it",
    Status.closed: "closed",
}


LONGEST_SUMMARY = 200
"""Temporal shows summaries of at most 200 bytes; all words here are ASCII."""


def step(effects: Sequence[Effect]) -> str:
    """Return the summary of a step, such as `consumer's text, rated, rating ended`."""
    words = (_word(effect) for effect in effects)
    return ", ".join(dict.fromkeys(word for word in words if word))[:LONGEST_SUMMARY]


def _word(effect: Effect) -> str | None:
    match effect:
        case Happened():
            return EVENTS[effect.kind].step
        case MessageWritten():
            who = MESSAGE_WORDS[effect.author]
            return f"{who} {effect.automatic.value}" if effect.automatic else who
        case _:
            assert_never(effect)


def sending(text: QueuedText) -> str:
    """Return the summary of a send, such as `reply by Ann` or `automatic message welcome`."""
    if text.automatic:
        return f"automatic message {text.automatic.value}"
    return f"reply by {text.agent_name or 'an agent'}"


def waiting(core: Conversation | None) -> str:
    """Return the summary of the running timer."""
    deadlines = core.deadlines if core else {}
    if not deadlines:
        return "nothing"
    return BY_KIND[min(deadlines, key=lambda kind: deadlines[kind])].operators


def details(core: Conversation) -> str:
    """Return a description of the conversation's present state, in Markdown."""
    state = core.state
    lines = [
        f"**{_status(core).capitalize()}**",
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
        f"- {BY_KIND[kind].operators}: {at:%Y-%m-%d %H:%M:%S} UTC"
        for kind, at in core.deadlines.items()
    ]
    return "\n".join(lines)


def _status(core: Conversation) -> str:
    return "with a bot" if core.state.is_with_bot else STATUS_WORDS[core.state.status]


def ended(core: Conversation | None) -> ConversationEnded:
    """Return the result of the workflow."""
    if core is None:
        return ConversationEnded()
    state = core.state
    return ConversationEnded(
        conversation_id=state.id,
        close_reason=state.close_reason,
        messages=state.message_count,
        score=state.survey.score if state.survey else None,
    )
