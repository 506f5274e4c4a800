"""Which event is a notice for whom, and which notices it settles: the one definition.

An overdue answer is no event: it comes by time, from the response deadline of a conversation.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.conversation.kinds import Author, CloseReason, EventKind
from domain.notices.kinds import OF_HOLDER, NoticeKind

TOLD_BY_TRANSFER = timedelta(minutes=1)
"""Whoever was told of a transfer is not told again when the router gives it to them soon after."""

READ = frozenset(
    {
        EventKind.message_added,
        EventKind.mentioned,
        EventKind.conversation_assigned,
        EventKind.conversation_transferred,
        EventKind.conversation_returned,
        EventKind.conversation_released,
        EventKind.conversation_queued,
        EventKind.conversation_offered,
        EventKind.offer_ended,
        EventKind.conversation_closed,
        EventKind.agent_state,
        EventKind.agent_capacity,
        EventKind.alert_began,
    }
)
"""Kinds of events that are a notice for somebody, or settle one."""


OF_AUTHOR: Mapping[str, NoticeKind] = {
    Author.consumer: NoticeKind.text,
    Author.note: NoticeKind.note,
}


@dataclass(frozen=True)
class Happening:
    """An event. `agent_id`: who caused it, or whom it is about."""

    id: int
    kind: EventKind
    at: datetime
    conversation_id: UUID | None
    agent_id: str | None
    data: Mapping[str, Any] = field(default_factory=dict)
    is_command: bool = False
    """Whether somebody gave a command, rather than time or the system."""


@dataclass(frozen=True)
class Involved:
    """Who is in a conversation as it is now. `joined`: managers who write alongside."""

    holder: str | None = None
    """Its agent, while it is assigned."""
    last_holder: str | None = None
    """Its agent, or the last one once it is closed."""
    joined: frozenset[str] = frozenset()
    transferred_at: datetime | None = None
    """When it was last transferred to a named agent."""
    transferred_to: str | None = None
    managers: frozenset[str] = frozenset()
    """Of the account, where an event is for all of them."""


NOBODY = Involved()


@dataclass(frozen=True)
class Due:
    """A notice for a person. `by`: the colleague who caused it. `message_id`: words it shows."""

    agent_id: str
    kind: NoticeKind
    by: str | None = None
    message_id: UUID | None = None
    why: str | None = None
    """What happened, where a kind has several causes."""
    ends_at: datetime | None = None
    """When an offer ends."""
    data: Mapping[str, str] = field(default_factory=dict)
    """Of an alert: its `alert`, and the `name` of what it is about."""


@dataclass(frozen=True)
class Settled:
    """Notices of a conversation that need nothing any more, and count as read.

    `of`: the person who has acted; None: of everybody but `but`.
    """

    kinds: frozenset[NoticeKind]
    of: str | None = None
    but: str | None = None


def due(event: Happening, involved: Involved) -> Sequence[Due]:
    """Return the notices that an event is."""
    return list(_due(event, involved))


def _due(event: Happening, involved: Involved) -> Iterator[Due]:
    match event.kind:
        case EventKind.message_added:
            yield from _of_message(event, involved)
        case EventKind.mentioned if event.agent_id:
            yield Due(event.agent_id, NoticeKind.mention, _by(event), _message(event))
        case EventKind.conversation_assigned:
            yield from _of_assignment(event, involved)
        case EventKind.conversation_transferred | EventKind.conversation_returned:
            yield from _of_passing_on(event)
        case EventKind.conversation_released if event.agent_id:
            why = str(event.data.get("reason") or "released")
            yield Due(event.agent_id, NoticeKind.taken_away, why=why)
        case EventKind.conversation_offered if event.agent_id:
            yield Due(event.agent_id, NoticeKind.offered, ends_at=_moment(event, "ends_at"))
        case EventKind.conversation_closed if event.data.get("reason") == CloseReason.manager:
            last = involved.last_holder
            if last and last != event.agent_id:
                yield Due(last, NoticeKind.taken_away, event.agent_id, why="closed")
        case EventKind.agent_state | EventKind.agent_capacity | EventKind.alert_began:
            yield from _of_account(event, involved)


def _of_account(event: Happening, involved: Involved) -> Iterator[Due]:
    """Return the notices of what happened in no conversation."""
    if event.kind is EventKind.alert_began:
        about = {one: str(event.data.get(one)) for one in ("alert", "name")}
        for agent_id in sorted(involved.managers):
            yield Due(agent_id, NoticeKind.alert, data=about)
    elif event.agent_id and _by(event) not in (None, event.agent_id):
        yield Due(event.agent_id, NoticeKind.state_set, _by(event))


def _of_message(event: Happening, involved: Involved) -> Iterator[Due]:
    author = str(event.data.get("author"))
    told = {involved.holder, *involved.joined} - {None}
    if event.data.get("carried_from") or event.data.get("is_invitation"):
        return
    if author not in OF_AUTHOR:
        return
    kind = OF_AUTHOR[author]
    for agent_id in sorted(one for one in told if one and one != event.agent_id):
        yield Due(agent_id, kind, event.agent_id, _message(event))


def _of_assignment(event: Happening, involved: Involved) -> Iterator[Due]:
    how, before = event.data.get("how"), event.data.get("from_agent_id")
    if how == "taken_over" and before and before != event.agent_id:
        yield Due(str(before), NoticeKind.taken_away, event.agent_id, _reason(event), "taken_over")
    if how is not None or event.agent_id is None:
        return  # whoever took it knows
    at = involved.transferred_at
    is_known = (
        at is not None
        and involved.transferred_to == event.agent_id
        and event.at - at <= TOLD_BY_TRANSFER
    )
    if not is_known:
        yield Due(event.agent_id, NoticeKind.given)


def _of_passing_on(event: Happening) -> Iterator[Due]:
    before, to = event.data.get("from_agent_id"), event.data.get("to_agent_id")
    why = str(event.kind).removeprefix("conversation_")
    if before and before not in (event.agent_id, to):
        yield Due(str(before), NoticeKind.taken_away, event.agent_id, _reason(event), why)
    if to and to != event.agent_id:
        yield Due(str(to), NoticeKind.transferred, event.agent_id, _reason(event))


def settled(event: Happening) -> Settled | None:
    """Return the earlier notices of its conversation that an event settles."""
    match event.kind:
        case EventKind.message_added if event.agent_id and event.is_command:
            # Whoever writes there has seen what is there.
            return Settled(frozenset(NoticeKind), of=event.agent_id)
        case EventKind.conversation_assigned:
            took_it = event.data.get("how") is not None
            return Settled(OF_HOLDER, but=None if took_it else event.agent_id)
        case EventKind.offer_ended:
            return Settled(frozenset({NoticeKind.offered}))
        case EventKind.conversation_closed:
            return Settled(OF_HOLDER)
        case EventKind.conversation_queued:
            return Settled(OF_HOLDER - {NoticeKind.transferred})
    return None


def _by(event: Happening) -> str | None:
    by = event.data.get("by_agent_id")
    return str(by) if by else None


def _message(event: Happening) -> UUID | None:
    found = event.data.get("message_id")
    return UUID(str(found)) if found else None


def _reason(event: Happening) -> UUID | None:
    """Return the note that says why, which was written with the act."""
    found = event.data.get("note_id")
    return UUID(str(found)) if found else None


def _moment(event: Happening, name: str) -> datetime | None:
    found = event.data.get(name)
    return datetime.fromisoformat(str(found)) if found else None
