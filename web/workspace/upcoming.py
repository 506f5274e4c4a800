"""What will happen to a conversation by itself, in the words of its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.schemas.conversations import ConversationOut
from domain.conversation.deadlines import Due, in_words
from domain.conversation.inputs import Person
from domain.conversation.kinds import DeadlineKind


@dataclass(frozen=True)
class Upcoming:
    """A deadline as a sentence with two gaps: `before` its time `after` because `why` `since`."""

    kind: DeadlineKind
    at: datetime
    before: str
    after: str = ""
    why: str | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class ScheduledLine:
    """A scheduled text, and its author as the reader sees them: `Your` or `Ann's`."""

    id: str
    text: str
    at: datetime
    unless_answered: bool
    whose: str
    may_cancel: bool
    held_because: str | None = None
    """Why it waits longer than its author chose."""


def scheduled_lines(
    conversation: ConversationOut, reader: Person, agents: Mapping[str, str], *, may_handle: bool
) -> list[ScheduledLine]:
    """Return the scheduled texts, the next one first."""
    return [
        ScheduledLine(
            id=text.id,
            text=text.text,
            at=text.due_at,
            held_because=text.held_because,
            unless_answered=text.unless_answered,
            whose=_whose(text.agent_id, reader, agents),
            may_cancel=may_handle or text.agent_id == reader.agent_id,
        )
        for text in conversation.scheduled_texts
    ]


def _whose(agent_id: str, reader: Person, agents: Mapping[str, str]) -> str:
    if agent_id == reader.agent_id:
        return "Your"
    return f"{agents.get(agent_id, 'Somebody')}'s"


def upcoming(
    conversation: ConversationOut, texts: Sequence[ScheduledLine], reader: Person
) -> list[Upcoming]:
    """Return what happens next, the earliest first."""
    deadlines = {each.kind: each.at for each in conversation.deadlines}
    since = {each.kind: each.since for each in conversation.deadlines if each.since}
    is_theirs = conversation.agent_id == reader.agent_id
    found = [
        _sentence(due, is_theirs=is_theirs)
        for due in in_words(deadlines, since)
        if due.kind is not DeadlineKind.scheduled_text
    ]
    # The page names the author of a scheduled text; the deadline alone would not.
    found += [
        Upcoming(DeadlineKind.scheduled_text, text.at, f"{text.whose} text will be sent")
        for text in texts[:1]
    ]
    return sorted(found, key=lambda each: each.at)


def _sentence(due: Due, *, is_theirs: bool) -> Upcoming:
    before, after = due.around
    why = due.why
    if is_theirs:
        before = before.replace("the agent", "you")
        why = why.replace("the agent has", "you have")
    return Upcoming(due.kind, due.at, before, after, why, due.since)
