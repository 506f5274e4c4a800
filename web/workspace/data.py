"""The workspace's JSON: what only its page needs. What programs need too is in the API."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from api.app_state import SessionDep
from api.clock import shared_now
from api.conversation_lists import WantedDep
from api.schemas.shared import Cursor, UuidPath
from services.looking import workspace as looking
from services.looking.conversations import find_conversation
from web.marks import load_marks
from web.own import Own, load_own
from web.page_context import PageUserDep, latest_event, load_context
from web.transcripts.reading import AT_ONCE, Part, Reader, read_part
from web.transcripts.wire import Entries
from web.workspace import wire
from web.workspace.listing import load_counts, load_listing, load_offers
from web.workspace.opened import load_opened
from web.workspace.past import load_earlier

router = APIRouter(prefix="/workspace")

EventId = Annotated[int | None, Query(ge=0, le=2**63 - 1)]


async def get_reader(user: PageUserDep, session: SessionDep) -> Reader:
    as_of = await latest_event(session, user.caller)
    names = (await looking.load_names(user.caller, session)).names
    return Reader(user.caller, session, names, as_of)


ReaderDep = Annotated[Reader, Depends(get_reader)]


def get_part(
    before: EventId = None,
    after: EventId = None,
    around: EventId = None,
    at: Annotated[AwareDatetime | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = AT_ONCE,
) -> Part:
    return Part(before, after, around, at, limit)


@router.get("/boot")
async def show_boot(reader: ReaderDep, user: PageUserDep, session: SessionDep) -> wire.Boot:
    """Show what the page needs before it shows anything."""
    page = await load_context(session, user.caller)
    lines = await looking.list_lines(user.caller, session)
    return wire.Boot(
        account=page.account,
        time_zone=page.zone,
        now=await shared_now(session),
        as_of=reader.as_of,
        own=await load_own(session, user),
        counts=await load_counts(reader),
        offers=await load_offers(reader),
        people=reader.names.agents,
        colleagues=await looking.list_colleagues(reader.caller, reader.session),
        skills=reader.names.skills,
        **await load_marks(user.caller, session),
        lines=[wire.LineName.model_validate(line) for line in lines],
        line_names=reader.names.lines,
        supervises=page.supervises,
        administers=page.administers,
    )


@router.get("/own")
async def show_own(user: PageUserDep, session: SessionDep) -> Own:
    """Show the agent's state and ratings; ratings leave the last 12 hours as time passes."""
    return await load_own(session, user)


@router.get("/list")
async def show_list(reader: ReaderDep, wanted: WantedDep, cursor: Cursor = None) -> wire.Listing:
    """Show a list, or the part of it that begins at a cursor."""
    return await load_listing(reader, wanted, cursor)


@router.get("/{conversation_id}/opened")
async def show_opened(
    conversation_id: UuidPath, reader: ReaderDep, user: PageUserDep
) -> wire.Opened:
    """Show a conversation, without its transcript. Reading changes nothing."""
    return await load_opened(reader, user, conversation_id)


@router.get("/{conversation_id}/entries")
async def show_entries(
    conversation_id: UuidPath, reader: ReaderDep, part: Annotated[Part, Depends(get_part)]
) -> Entries:
    """Show the end of a transcript, or what is before, after or around an event."""
    return await read_part(reader, conversation_id, part)


@router.get("/{conversation_id}/past")
async def show_earlier(
    conversation_id: UuidPath, reader: ReaderDep, before: Cursor = None
) -> wire.EarlierPage:
    """Show the consumer's earlier conversations, newest first."""
    shown = await find_conversation(reader.caller, reader.session, conversation_id)
    return await load_earlier(reader, shown, before)
