"""A transcript as people read it: texts and notes, and between them what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.schemas.conversations import MessageOut
from database.queries import desk
from database.queries.desk import Names
from database.tables import Event, Message
from domain.words import Automatic, CloseReason, EventKind, MessageStatus, SurveyOutcome

ENTRIES = 120
"""Entries of one look; earlier ones are fetched when asked for."""

DELIVERY = {
    MessageStatus.queued: "Waiting to be sent",
    MessageStatus.sending: "Sending",
    MessageStatus.unknown: "Not confirmed yet",
    MessageStatus.sent: "Sent",
    MessageStatus.delivered: "Delivered",
    MessageStatus.undelivered: "Not delivered",
    MessageStatus.failed: "Not sent",
}
OFFER_ENDED = {"declined": "{person} declined", "lapsed": "{person} did not take it"}
CLOSED = {
    CloseReason.auto_close: "Closed after silence",
    CloseReason.opt_out: "Closed: the consumer opted out",
    CloseReason.system: "Closed by the system",
}
UNRATED = {
    SurveyOutcome.ignored: "No rating: the consumer did not answer",
    SurveyOutcome.unrecognised: "No rating: the answer could not be read",
    SurveyOutcome.expired: "No rating in time",
    SurveyOutcome.interrupted: "The rating was broken off",
    SurveyOutcome.opted_out: "No rating: the consumer opted out",
}


@dataclass(frozen=True)
class Entry:
    """One entry: a message, or words about what happened. `place` is the event's id."""

    place: int
    at: datetime
    message: MessageOut | None = None
    writer: str | None = None
    delivery: str | None = None
    occasion: str | None = None
    happened: str | None = None
    score: int | None = None

    @property
    def id(self) -> str:
        return f"message-{self.message.id}" if self.message else f"event-{self.place}"


@dataclass(frozen=True)
class Timeline:
    """Entries in order. `earlier`: the place to look before for more, None at the beginning."""

    entries: Sequence[Entry]
    earlier: int | None


async def latest(
    session: AsyncSession,
    conversation_id: UUID,
    names: Names,
    *,
    before: int | None = None,
    limit: int = ENTRIES,
) -> Timeline:
    """Return the last entries of a conversation, or the last before a place."""
    happenings = await desk.latest_happenings(
        session, conversation_id, before=before, limit=limit + 1
    )
    shown = happenings[-limit:]
    earlier = shown[0].id if len(happenings) > limit else None
    return Timeline(await entries(session, conversation_id, shown, names), earlier)


async def entries(
    session: AsyncSession, conversation_id: UUID, happenings: Sequence[Event], names: Names
) -> list[Entry]:
    """Return the entries of one conversation's events, in order; a delivery updates its text."""
    moved = {_message_id(event) for event in happenings if event.kind == EventKind.message_status}
    added = [event for event in happenings if event.kind == EventKind.message_added]
    moved -= {_message_id(event) for event in added}
    if moved:
        added += await desk.places(session, conversation_id, moved)
    messages = await desk.messages(session, conversation_id, {_message_id(e) for e in added})
    found = [_message(event, messages[_message_id(event)], names) for event in added]
    found += [entry for event in happenings if (entry := _happening(event, names))]
    return sorted(found, key=lambda entry: entry.place)


def _message_id(event: Event) -> UUID:
    return UUID(event.data["message_id"])


def _message(event: Event, row: Message, names: Names) -> Entry:
    message = MessageOut.of(row)
    return Entry(
        place=event.id,
        at=message.written_at,
        message=message,
        writer=names.agents.get(message.agent_id or ""),
        delivery=DELIVERY.get(message.status),
        occasion=_occasion(message.automatic),
    )


def _occasion(automatic: Automatic | None) -> str | None:
    return automatic.value.replace("_", " ") if automatic else None


def _happening(event: Event, names: Names) -> Entry | None:
    """Return the entry of what happened, None for what a text beside it says already."""
    words = _words(EventKind(event.kind), event, names)
    if words is None:
        return None
    score = event.data.get("score") if event.kind == EventKind.survey_answered else None
    return Entry(place=event.id, at=event.at, happened=words, score=score)


def _words(kind: EventKind, event: Event, names: Names) -> str | None:
    person = names.agents.get(event.agent_id or "", "Somebody")
    data = event.data
    match kind:
        case EventKind.conversation_opened:
            by_consumer = data.get("opened_by") == "consumer"
            return "The consumer opened this conversation" if by_consumer else f"Opened by {person}"
        case EventKind.conversation_assigned:
            return f"Assigned to {person}"
        case EventKind.conversation_transferred:
            skill = names.skills.get(data.get("skill_id") or "")
            agent = names.agents.get(data.get("to_agent_id") or "")
            return f"{person} transferred to {skill or agent or 'somebody else'}"
        case EventKind.conversation_returned:
            return f"{person} returned it to the queue"
        case EventKind.conversation_offered:
            return f"Rings at {person}"
        case EventKind.offer_ended:
            return OFFER_ENDED.get(str(data.get("outcome")), "").format(person=person) or None
        case EventKind.conversation_released:
            return f"Taken back from {person} into the queue"
        case EventKind.agent_nudged:
            return f"{person} was reminded to answer"
        case EventKind.manager_joined:
            return f"{person} joined"
        case EventKind.manager_left:
            return f"{person} left"
        case EventKind.response_time_set:
            return f"{person} set the response time"
        case EventKind.conversation_closed:
            return CLOSED.get(CloseReason(data["reason"]), f"Closed by {person}")
        case EventKind.survey_answered:
            return f"Rated {data['score']} of 5"
        case EventKind.survey_ended:
            return UNRATED.get(SurveyOutcome(data["outcome"]))
        case EventKind.opted_out:
            return "The consumer opted out of texts"
        case EventKind.opted_in:
            return "The consumer opted in again"
        case _:
            return None
