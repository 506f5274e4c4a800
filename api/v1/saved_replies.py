"""Saved replies: texts that are written once and sent often, with what is done after them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import CallerDep
from api.idempotent import OnceDep
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
from api.schemas.writing import (
    NewSavedReply,
    OfferedReplies,
    OfferedReply,
    SavedReplyChange,
    SavedReplyOut,
)
from api.scopes import needs
from domain.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.configuring import saved_replies
from services.errors import NobodyActs
from services.looking import writing

router = APIRouter(
    prefix="/saved-replies", tags=["saved replies"], dependencies=[needs(Area.settings)]
)
offered = APIRouter(
    prefix="/conversations/{conversation_id}/saved-replies",
    tags=["saved replies"],
    dependencies=[needs(Area.conversations)],
)


@router.get("")
async def list_saved_replies(
    caller: CallerDep, session: SessionDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[SavedReplyOut]:
    """List those that are shared and your own, by short name."""
    found = await saved_replies.listed(caller, session, after=_position(cursor), limit=limit + 1)
    return page_of(
        found, limit, SavedReplyOut.counted, lambda one: [one.reply.name, str(one.reply.id)]
    )


@router.post(
    "", status_code=201, responses=documented(NotAllowed, NobodyActs, NotFound, Conflict, Invalid)
)
async def create_saved_reply(
    new: NewSavedReply, caller: CallerDep, session: SessionDep, once: OnceDep
) -> SavedReplyOut:
    """Make a saved reply: your own, or as a manager one that is shared."""

    async def make() -> SavedReplyOut:
        return SavedReplyOut.of(await saved_replies.create(caller, session, new.wanted))

    return await once.create(session, SavedReplyOut, make)


@router.get("/{reply_id}", responses=documented(NotFound))
async def show_saved_reply(
    reply_id: UuidPath, caller: CallerDep, session: SessionDep
) -> SavedReplyOut:
    """Show a saved reply."""
    return SavedReplyOut.counted(await saved_replies.find(caller, session, reply_id))


@router.patch("/{reply_id}", responses=documented(NotAllowed, NotFound, Conflict, Invalid))
async def change_saved_reply(
    reply_id: UuidPath, change: SavedReplyChange, caller: CallerDep, session: SessionDep
) -> SavedReplyOut:
    """Change a saved reply. Fields that are left out stay as they are."""
    await saved_replies.change(caller, session, reply_id, change.wanted)
    return SavedReplyOut.counted(await saved_replies.find(caller, session, reply_id))


@router.delete("/{reply_id}", status_code=204, responses=documented(NotAllowed, NotFound))
async def delete_saved_reply(reply_id: UuidPath, caller: CallerDep, session: SessionDep) -> None:
    """Delete a saved reply. Texts that were sent with it stay."""
    await saved_replies.delete(caller, session, reply_id)


@offered.get("", responses=documented(NotFound))
async def offer_saved_replies(
    conversation_id: UuidPath,
    caller: CallerDep,
    session: SessionDep,
    q: Annotated[str, Query(max_length=200, description="Words, or the begin of a name.")] = "",
    limit: Annotated[int, Query(ge=1, le=50, description="The best of them.")] = 20,
) -> OfferedReplies:
    """Find saved replies, as they would be sent in this conversation: filled, in its language.

    The best come first: by name, by title, by how often you and others send them. Those for other
    skills are left out.
    """
    found = await writing.offer_saved_replies(caller, session, conversation_id, q, limit=limit)
    return OfferedReplies(items=[OfferedReply.of(one) for one in found])


def _position(cursor: str | None) -> tuple[str, UUID] | None:
    if cursor is None:
        return None
    name, reply_id = read_cursor(cursor, parts=2)
    try:
        return name, UUID(reply_id)
    except ValueError as error:
        raise unknown_cursor() from error
