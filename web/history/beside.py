"""One conversation beside the list: what became of it, its transcript, and how it was routed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from api.app_state import AppState
from api.clock import utc_now
from api.schemas.conversations import ConversationOut, DecisionOut
from domain.conversation.kinds import EventKind
from domain.people.roles import Role
from domain.reporting.facts import Told
from domain.reporting.segments import Segment, agent_segments, skill_segments
from domain.searching.transcripts import Asked
from services.history import reading
from services.looking import conversations as looking
from web import scores
from web.frame import Frame
from web.marks import LabelName, load_marks
from web.transcripts.origins import Began, how_it_began
from web.transcripts.placing import Placed, placed
from web.transcripts.reading import Part, Reader, read_part
from web.transcripts.wire import Rating, rating_of

READ_AT_ONCE = 200
"""Entries of a transcript. Ours: nearly every conversation is whole."""
DECISIONS = 100
EVENTS = 2_000


@dataclass(frozen=True)
class Reading:
    """A part of a transcript. `earlier`, `later`: the events beside which there is more."""

    entries: Sequence[Placed]
    earlier: int | None
    later: int | None


@dataclass(frozen=True)
class Had:
    """A segment by name. `seconds`: until now for one that runs."""

    who: str
    since: datetime
    seconds: int


@dataclass(frozen=True)
class Beside:
    """A conversation that is read beside the list."""

    conversation: ConversationOut
    reading: Reading
    rating: Rating | None
    followed_up: Sequence[tuple[str, str]]
    began: Began | None
    decisions: Sequence[DecisionOut]
    had_by: Sequence[Had]
    """Agents, in their order."""
    was_in: Sequence[Had]
    """Skills."""
    labels: Sequence[LabelName]
    closing_reason: str | None
    workflow_url: str | None
    """Where admins see its workflow, if the installation has a Temporal UI for them."""


async def load_beside(frame: Frame, app: AppState, conversation_id: UUID, words: str) -> Beside:
    """Return a conversation, at the first place of the words. Raises `NotFound`."""
    caller, session = frame.caller, frame.session
    shown = await looking.find_conversation(caller, session, conversation_id)
    row = ConversationOut.of(shown)
    asked = await reading.asked_for(caller, session, words)
    found = asked and await reading.first_found(caller, session, conversation_id, asked)
    part = Part(at=found.written_at if found else None, limit=READ_AT_ONCE)
    events = await looking.list_events(caller, session, conversation_id, after=0, limit=EVENTS)
    told = [Told(EventKind(one.kind), one.at, one.agent_id, one.data) for one in events]
    decisions = await looking.explain_routing(
        caller, session, conversation_id, after=0, limit=DECISIONS
    )
    return Beside(
        conversation=row,
        reading=await _read(frame, conversation_id, part, asked),
        rating=rating_of(scores.of_survey(row.survey, frame.page.names.scales)),
        followed_up=scores.answers(row.survey) if row.survey else (),
        began=how_it_began(row.origin),
        decisions=[DecisionOut.of(one) for one in decisions],
        had_by=_named(agent_segments(told), frame.page.names.agents),
        was_in=_named(skill_segments(told), frame.page.names.skills),
        workflow_url=app.temporal_link(row.line_id, row.consumer.id)
        if caller.has(Role.admin)
        else None,
        **await _marks(frame, row),
    )


def _named(segments: Sequence[Segment], names: Mapping[str, str]) -> Sequence[Had]:
    now = utc_now()
    return [Had(names.get(one.who, one.who), one.since, one.seconds(now)) for one in segments]


class _Marks(TypedDict):
    labels: Sequence[LabelName]
    closing_reason: str | None


async def _marks(frame: Frame, row: ConversationOut) -> _Marks:
    known = await load_marks(frame.caller, frame.session)
    reason = known["closing_reasons"].get(row.closing_reason_id or "")
    return _Marks(
        labels=[known["labels"][one] for one in row.label_ids if one in known["labels"]],
        closing_reason=reason.name if reason else None,
    )


async def load_entries(frame: Frame, conversation_id: UUID, part: Part, words: str) -> Reading:
    """Return more of a transcript. Raises `NotFound`."""
    asked = await reading.asked_for(frame.caller, frame.session, words)
    return await _read(frame, conversation_id, part, asked)


async def _read(frame: Frame, conversation_id: UUID, part: Part, asked: Asked | None) -> Reading:
    reader = Reader(frame.caller, frame.session, frame.page.names, as_of=0)
    found = await read_part(reader, conversation_id, part)
    entries = found.entries
    return Reading(
        list(placed(entries, frame.page.zone, asked.finds if asked else None)),
        earlier=entries[0].id if found.earlier and entries else None,
        later=entries[-1].id if found.later and entries else None,
    )
