"""Reading conversations: lists, one conversation, its transcript and its events."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.app_state import SessionDep
from api.caller import CallerDep
from api.list_cursors import read_moment, read_position, written_position
from api.problems import documented
from api.schemas.conversations import ConversationOut, DecisionOut, EventOut, MessageOut
from api.schemas.shared import (
    Cursor,
    Limit,
    Page,
    SlugText,
    UuidPath,
    after_number,
    page_of,
    read_cursor,
    unknown_cursor,
)
from api.scopes import needs
from database.queries.conversations import ConversationFilters, Queued, QueueListPosition
from database.tables import Message
from domain.conversation.kinds import Status
from domain.errors import NotFound
from domain.numbers.phone_numbers import LONGEST_ADDRESS
from domain.origins.kinds import OriginKind
from domain.people.token_scopes import Area
from services.looking import conversations as looking
from services.looking import transcripts
from services.looking.conversations import ConversationQuery, View

Labels = Annotated[
    list[SlugText], Query(max_length=20, description="They bear at least one of these labels.")
]
PLUS_LOST = re.compile(r"^ (?=\d)")

router = APIRouter(
    prefix="/conversations", tags=["conversations"], dependencies=[needs(Area.conversations)]
)


def get_view(
    view: Annotated[
        View,
        Query(
            description="mine: assigned to the caller. waiting: the queue, in the order of service."
        ),
    ] = View.all,
) -> View:
    return view


ViewDep = Annotated[View, Depends(get_view)]


def get_wanted(
    view: ViewDep,
    status: Annotated[list[Status], Query(max_length=4)] = [],  # noqa: B006 - FastAPI copies it
    agent: SlugText | None = None,
    skill: SlugText | None = None,
    line: SlugText | None = None,
    number: Annotated[
        str | None,
        Query(
            max_length=LONGEST_ADDRESS,
            description="The consumer, in any spelling: +12025550123, a short code, a name.",
        ),
    ] = None,
    consumer: UUID | None = None,
    label: Labels = [],  # noqa: B006 - FastAPI copies it
    origin: Annotated[
        list[OriginKind], Query(max_length=len(OriginKind), description="How they began.")
    ] = [],  # noqa: B006 - FastAPI copies it
    source: Annotated[SlugText | None, Query(description="The source they began with.")] = None,
    origin_id: Annotated[
        str | None,
        Query(
            max_length=100,
            pattern=r"^[!-~]*$",
            description="The notification, batch, call or source.",
        ),
    ] = None,
) -> ConversationQuery:
    filters = ConversationFilters(
        origins=(OriginKind.source,) if source else tuple(origin),
        origin_id=source or origin_id,
        statuses=tuple(status),
        agent_id=agent,
        skill_id=skill,
        line_id=line,
        consumer_id=consumer,
        label_ids=tuple(label),
    )
    # A plus sign that was not encoded in an address arrives as a space.
    return ConversationQuery(view, filters, PLUS_LOST.sub("+", number) if number else None)


@router.get("")
async def list_conversations(
    caller: CallerDep,
    session: SessionDep,
    wanted: Annotated[ConversationQuery, Depends(get_wanted)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ConversationOut]:
    """List the conversations you may see, newest first; the waiting ones in the order of service.

    Agents see those they are or were in and those waiting in their skills; managers see all.
    """
    if wanted.view is View.waiting:
        queue = await looking.list_queue(
            caller, session, wanted, after=_turn(cursor), limit=limit + 1
        )
        return page_of(queue, limit, lambda one: ConversationOut.of(one.shown), _written_turn)
    shown = await looking.list_conversations(
        caller, session, wanted, after=read_position(cursor), limit=limit + 1
    )
    return page_of(shown, limit, ConversationOut.of, written_position)


def _written_turn(one: Queued) -> list[str]:
    entry = one.entry
    return [
        entry.effective_due_at.isoformat(),
        entry.entered_at.isoformat(),
        str(entry.conversation_id),
    ]


def _turn(cursor: str | None) -> QueueListPosition | None:
    if cursor is None:
        return None
    effective_due_at, entered_at, conversation_id = read_cursor(cursor, parts=3)
    try:
        return QueueListPosition(
            read_moment(effective_due_at), read_moment(entered_at), UUID(conversation_id)
        )
    except ValueError as error:
        raise unknown_cursor() from error


@router.get("/{conversation_id}", responses=documented(NotFound))
async def show_conversation(
    conversation_id: UuidPath, caller: CallerDep, session: SessionDep
) -> ConversationOut:
    """Show a conversation as it is now. Reading changes nothing."""
    return ConversationOut.of(await looking.find_conversation(caller, session, conversation_id))


@router.get("/{conversation_id}/transcript", responses=documented(NotFound))
async def show_transcript(
    conversation_id: UuidPath,
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[MessageOut]:
    """Show the messages, oldest first: texts with their delivery status, and private notes."""
    written = await transcripts.read_transcript(
        caller, session, conversation_id, after=after_number(cursor) or 0, limit=limit + 1
    )

    def shown(row: Message) -> MessageOut:
        return MessageOut.of(row, written.files, written.waits.get(row.id), written.long)

    return page_of(written.messages, limit, shown, lambda row: [str(row.position)])


@router.get("/{conversation_id}/events", responses=documented(NotFound))
async def list_conversation_events(
    conversation_id: UuidPath,
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[EventOut]:
    """Show a conversation's events, oldest first."""
    rows = await looking.list_events(
        caller, session, conversation_id, after=after_number(cursor) or 0, limit=limit + 1
    )
    return page_of(rows, limit, EventOut.of, lambda row: [str(row.id)])


@router.get("/{conversation_id}/routing", responses=documented(NotFound))
async def explain_routing(
    conversation_id: UuidPath,
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[DecisionOut]:
    """Show the routing decisions, oldest first, with the agents who were considered."""
    rows = await looking.explain_routing(
        caller, session, conversation_id, after=after_number(cursor) or 0, limit=limit + 1
    )
    return page_of(rows, limit, DecisionOut.of, lambda row: [str(row.id)])
