"""Conversations to read: lists, one of them, its transcript, what happened to it."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.app_state import SessionDep
from api.caller import CallerDep
from api.clock import utc_now
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
from database.queries import conversations
from database.queries.conversations import Filters, ListPosition, Queued, Shown, Turn
from database.queries.unsent import unsent
from database.tables import Message
from domain.conversation.kinds import Status
from domain.delivery.delays import reasons
from domain.errors import NotFound
from domain.numbers.phone_numbers import LONGEST_ADDRESS, key_of

PLUS_LOST = re.compile(r"^ (?=\d)")

router = APIRouter(prefix="/conversations", tags=["conversations"])


class View(StrEnum):
    """The lists agents work with."""

    mine = "mine"
    """Open, and the caller's."""
    waiting = "waiting"
    """In the order in which they are served."""
    all = "all"


def get_view(
    view: Annotated[
        View, Query(description="mine: open and the caller's; waiting: as it is served.")
    ] = View.all,
) -> View:
    return view


ViewDep = Annotated[View, Depends(get_view)]


def get_filters(
    caller: CallerDep,
    view: ViewDep,
    status: Annotated[list[Status], Query(max_length=4)] = [],  # noqa: B006 - FastAPI copies it
    agent: SlugText | None = None,
    skill: SlugText | None = None,
    line: SlugText | None = None,
    number: Annotated[
        str | None,
        Query(
            max_length=LONGEST_ADDRESS,
            description="Who texted, in any spelling: +15550123456, a short code, a name.",
        ),
    ] = None,
    consumer: UUID | None = None,
) -> Filters:
    """Return which conversations are asked for. Raises `NumberInvalid`."""
    statuses = tuple(status)
    if view is View.waiting:
        statuses = (Status.waiting,)
    if view is View.mine:
        statuses = (Status.assigned,)
        # A program on its own holds nothing.
        agent = caller.person.agent_id if caller.person else ""
    return Filters(
        statuses=statuses,
        agent_id=agent,
        skill_id=skill,
        line_id=line,
        phone=_phone(number) if number else None,
        consumer_id=consumer,
    )


def _phone(asked: str) -> str:
    # A plus sign that was not encoded in an address arrives as a space.
    return key_of(PLUS_LOST.sub("+", asked))


@router.get("")
async def list_conversations(
    caller: CallerDep,
    session: SessionDep,
    filters: Annotated[Filters, Depends(get_filters)],
    view: ViewDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ConversationOut]:
    """List the conversations one may see, newest first; what waits in the order of service.

    Agents see those they are or were in and those waiting in their skills; managers see all.
    """
    if view is View.waiting:
        queue = await conversations.queued(
            session, caller.viewer, filters, after=_turn(cursor), limit=limit + 1
        )
        return page_of(queue, limit, lambda one: ConversationOut.of(one.shown), _written_turn)
    shown = await conversations.listed(
        session, caller.viewer, filters, after=read_place(cursor), limit=limit + 1
    )
    return page_of(shown, limit, ConversationOut.of, written_place)


def written_place(shown: Shown) -> list[str]:
    """Return where a page of a list ends, as its cursor says it."""
    return [shown.conversation.opened_at.isoformat(), str(shown.conversation.id)]


def read_place(cursor: str | None) -> ListPosition | None:
    """Return where a page of a list ended. Raises `Invalid`."""
    if cursor is None:
        return None
    opened_at, conversation_id = read_cursor(cursor, parts=2)
    try:
        return ListPosition(datetime.fromisoformat(opened_at), UUID(conversation_id))
    except ValueError as error:
        raise unknown_cursor() from error


def _written_turn(one: Queued) -> list[str]:
    entry = one.entry
    return [
        entry.turn_at.isoformat(),
        entry.entered_at.isoformat(),
        str(entry.conversation_id),
    ]


def _turn(cursor: str | None) -> Turn | None:
    if cursor is None:
        return None
    turn_at, entered_at, conversation_id = read_cursor(cursor, parts=3)
    try:
        return Turn(_moment(turn_at), _moment(entered_at), UUID(conversation_id))
    except ValueError as error:
        raise unknown_cursor() from error


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError("a cursor's moments have a zone")
    return moment


@router.get("/{conversation_id}", responses=documented(NotFound))
async def show_conversation(
    conversation_id: UuidPath, caller: CallerDep, session: SessionDep
) -> ConversationOut:
    """Show a conversation as it stands. Reading changes nothing."""
    return ConversationOut.of(await conversations.find(session, caller.viewer, conversation_id))


@router.get("/{conversation_id}/transcript", responses=documented(NotFound))
async def show_transcript(
    conversation_id: UuidPath,
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[MessageOut]:
    """Show what was written, oldest first: texts with their delivery, and private notes."""
    await conversations.find(session, caller.viewer, conversation_id)
    rows = await conversations.transcript(
        session, conversation_id, after=min(after_number(cursor) or 0, 2**31 - 1), limit=limit + 1
    )
    waits = reasons(await unsent(session, conversation_id), utc_now())

    def shown(row: Message) -> MessageOut:
        return MessageOut.of(row, waits.get(row.id))

    return page_of(rows, limit, shown, lambda row: [str(row.position)])


@router.get("/{conversation_id}/events", responses=documented(NotFound))
async def list_events(
    conversation_id: UuidPath,
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[EventOut]:
    """Show what happened to a conversation, oldest first."""
    await conversations.find(session, caller.viewer, conversation_id)
    rows = await conversations.happenings(
        session, conversation_id, after=after_number(cursor) or 0, limit=limit + 1
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
    """Show why a conversation went where it went, oldest first, with who was looked at."""
    await conversations.find(session, caller.viewer, conversation_id)
    rows = await conversations.decisions(
        session, conversation_id, after=after_number(cursor) or 0, limit=limit + 1
    )
    return page_of(rows, limit, DecisionOut.of, lambda row: [str(row.id)])
