"""What will happen to a conversation by itself, in the words of its page."""

from collections.abc import Sequence
from dataclasses import replace

from api.schemas.conversations import ConversationOut
from database.queries.workspace import Names
from domain.conversation.deadlines import Due, in_words
from domain.conversation.inputs import Person
from domain.conversation.kinds import DeadlineKind
from web.directions import isolated
from web.words import _, said
from web.workspace.wire import ScheduledOut, UpcomingOut


def scheduled_lines(
    conversation: ConversationOut, reader: Person, names: Names, *, may_handle: bool
) -> list[ScheduledOut]:
    """Return the scheduled texts, the next one first."""
    return [
        ScheduledOut(
            id=text.id,
            text=text.text,
            at=text.due_at,
            held_because=text.held_because,
            unless_answered=text.unless_answered,
            is_own=text.agent_id == reader.agent_id,
            agent_name=names.agents.get(text.agent_id),
            may_cancel=may_handle or text.agent_id == reader.agent_id,
        )
        for text in conversation.scheduled_texts
    ]


def upcoming(
    conversation: ConversationOut, texts: Sequence[ScheduledOut], reader: Person
) -> list[UpcomingOut]:
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
    found += [_sending(text) for text in texts[:1]]
    return sorted(found, key=lambda each: each.at)


def _sending(text: ScheduledOut) -> UpcomingOut:
    sentence = _("Your text will be sent {when}.")
    if not text.is_own:
        name = isolated(text.agent_name or _("Somebody"))
        sentence = _("{name}'s text will be sent {when}.", name=name)
    return UpcomingOut(kind=DeadlineKind.scheduled_text, at=text.at, since=None, sentence=sentence)


def _sentence(due: Due, *, is_theirs: bool) -> UpcomingOut:
    sentence = said(english(due, is_theirs=is_theirs))
    return UpcomingOut(kind=due.kind, at=due.at, since=due.since, sentence=sentence)


def english(due: Due, *, is_theirs: bool) -> str:
    """Return the sentence of a deadline, with gaps for its times. `is_theirs`: to its agent."""
    told = due
    if is_theirs:
        what = due.what.replace("the agent", "you")
        told = replace(due, what=what, why=due.why.replace("the agent has", "you have"))
    return told.sentence("{when}", "{since}" if due.since else None)
