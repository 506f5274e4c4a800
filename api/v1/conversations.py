"""Reading conversations: lists, one conversation, its transcript and its events."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.conversation_lists import WantedDep, read_list
from api.problems import documented
from api.schemas.conversations import ConversationOut, DecisionOut, EventOut, MessageOut
from api.schemas.shared import (
    Cursor,
    Limit,
    Page,
    UuidPath,
    after_number,
    page_of,
)
from api.scopes import needs
from database.tables import Message
from domain.errors import NotFound
from domain.people.token_scopes import Area
from services.looking import conversations as looking
from services.looking import transcripts

router = APIRouter(
    prefix="/conversations", tags=["conversations"], dependencies=[needs(Area.conversations)]
)


@router.get("")
async def list_conversations(
    caller: CallerDep,
    session: SessionDep,
    wanted: WantedDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ConversationOut]:
    """List the conversations you may see, newest first; the waiting ones in the order of service.

    Agents see those they are or were in and those waiting in their skills; managers see all.
    Filters are combined: a conversation passes all of them.
    """
    shown, following = await read_list(caller, session, wanted, cursor, limit)
    return Page(items=[ConversationOut.of(one) for one in shown], next=following)


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
