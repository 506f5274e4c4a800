"""Drafts: what you wrote in conversations and have not sent. Nobody else reads them."""

from uuid import UUID

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.cards import MASKS_ITSELF
from api.problems import documented
from api.schemas.shared import (
    Cursor,
    Limit,
    Page,
    UuidPath,
    page_of,
    read_cursor,
    unknown_cursor,
)
from api.schemas.writing import DraftOut, NewDraft, WritingOut
from api.scopes import needs
from domain.errors import Invalid, NotFound
from domain.people.token_scopes import Area
from domain.writing.drafts import Surface
from services import drafts
from services.errors import DraftOvertaken, NobodyActs
from services.looking import writing

router = APIRouter(tags=["conversations"], dependencies=[needs(Area.conversations)])


@router.get("/me/drafts", responses=documented(NobodyActs))
async def list_drafts(
    caller: CallerDep, session: SessionDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[DraftOut]:
    """List your drafts that hold something."""
    found = await drafts.listed(caller, session, after=_position(cursor), limit=limit + 1)
    return page_of(found, limit, DraftOut.of, lambda one: [str(one.conversation_id), one.surface])


@router.put(
    "/conversations/{conversation_id}/drafts/{surface}",
    dependencies=[MASKS_ITSELF],
    responses=documented(NotFound, NobodyActs, DraftOvertaken, Invalid),
)
async def save_draft(
    conversation_id: UuidPath,
    surface: Surface,
    new: NewDraft,
    caller: CallerDep,
    session: SessionDep,
) -> DraftOut:
    """Save what you have written so far, for a text to the consumer or for a note.

    Name the `revision` you know. A save that comes late is refused with `draft_overtaken`, so it
    cannot bring back words that were sent. Sending takes what was sent out of the draft.
    """
    saved = await drafts.save(
        caller, session, conversation_id, surface, new.words, known=new.revision
    )
    return DraftOut.of(saved)


@router.get("/conversations/{conversation_id}/writing", responses=documented(NotFound))
async def show_writing(
    conversation_id: UuidPath, caller: CallerDep, session: SessionDep
) -> WritingOut:
    """Show what to know before writing in a conversation, and your drafts there."""
    known = await writing.before_writing(caller, session, conversation_id)
    return WritingOut.of(conversation_id, known)


def _position(cursor: str | None) -> tuple[UUID, str] | None:
    if cursor is None:
        return None
    conversation_id, surface = read_cursor(cursor, parts=2)
    try:
        return UUID(conversation_id), str(Surface(surface))
    except ValueError as error:
        raise unknown_cursor() from error
