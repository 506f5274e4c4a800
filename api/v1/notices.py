"""Your notices: what you are told, what you have read, and how you want to be told."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.notices import (
    NoticeOut,
    NoticesRead,
    PreferencesChange,
    PreferencesOut,
    UnreadOut,
)
from api.schemas.shared import (
    LATEST,
    Cursor,
    Limit,
    Page,
    page_of,
    read_cursor,
    unknown_cursor,
)
from api.scopes import needs
from database.queries.notices import NoticePosition, ShownNotice
from domain.notices.kinds import NoticeKind
from domain.people.token_scopes import Area
from services import notices
from services.errors import NobodyActs

router = APIRouter(
    prefix="/me",
    tags=["notices"],
    dependencies=[needs(Area.conversations)],
    responses=documented(NobodyActs),
)


@router.get("/notices")
async def list_notices(
    caller: CallerDep,
    session: SessionDep,
    kind: NoticeKind | None = None,
    unread: Annotated[bool, Query(description="Only those you have not read.")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[NoticeOut]:
    """List your notices, the newest first, with the words you may see now.

    The newest 500 are kept, for 30 days. Several texts in one conversation are one notice until
    you read it.
    """
    rows = await notices.list_notices(
        caller, session, kind=kind, unread_only=unread, after=_after(cursor), limit=limit + 1
    )
    return page_of(rows, limit, NoticeOut.of, _position)


@router.get("/notices/unread")
async def count_unread_notices(caller: CallerDep, session: SessionDep) -> UnreadOut:
    """Count your unread notices."""
    return UnreadOut(unread=await notices.count_unread(caller, session))


@router.put("/notices/read")
async def mark_notices_read(read: NoticesRead, caller: CallerDep, session: SessionDep) -> UnreadOut:
    """Mark notices as read: some, those of a conversation, or all."""
    unread = await notices.mark_read(
        caller, session, ids=read.ids, conversation_id=read.conversation_id
    )
    return UnreadOut(unread=unread)


@router.get("/notice-preferences")
async def show_notice_preferences(caller: CallerDep, session: SessionDep) -> PreferencesOut:
    """Show where each kind of notice reaches you: page, sound, desktop, push."""
    return PreferencesOut.of(await notices.show_preferences(caller, session))


@router.put("/notice-preferences")
async def set_notice_preferences(
    change: PreferencesChange, caller: CallerDep, session: SessionDep
) -> PreferencesOut:
    """Choose where notices reach you. What is left out stays as it is."""
    return PreferencesOut.of(await notices.set_preferences(caller, session, change.wanted))


def _after(cursor: str | None) -> NoticePosition | None:
    if cursor is None:
        return None
    at, number = read_cursor(cursor, parts=2)
    if not number.isascii() or not number.isdigit() or int(number) > LATEST:
        raise unknown_cursor()
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise unknown_cursor() from None
    if moment.tzinfo is None:
        raise unknown_cursor()
    return NoticePosition(moment, int(number))


def _position(shown: ShownNotice) -> list[str]:
    return [shown.notice.at.isoformat(), str(shown.notice.id)]
