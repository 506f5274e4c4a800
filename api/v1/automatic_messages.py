"""Automatic messages: their texts for the account, a line, a skill or a connector, by language."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.list_cursors import SettingsLimit, part_of
from api.problems import documented
from api.schemas.automatic import (
    AutomaticDefault,
    AutomaticIn,
    AutomaticMessages,
    AutomaticOut,
    PreviewIn,
    PreviewOut,
)
from api.schemas.shared import Cursor
from api.scopes import needs
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.configuring import automatic_messages

router = APIRouter(
    prefix="/automatic-messages", tags=["automatic messages"], dependencies=[needs(Area.settings)]
)


@router.get("")
async def list_automatic_messages(
    caller: CallerDep, session: SessionDep, cursor: Cursor = None, limit: SettingsLimit = None
) -> AutomaticMessages:
    """Show the texts the account has set, and the defaults for the others."""
    rows, follows = part_of(await automatic_messages.listed(caller, session), cursor, limit)
    defaults = await automatic_messages.defaults(caller, session)
    return AutomaticMessages(
        set=[AutomaticOut.model_validate(row) for row in rows],
        next=follows,
        defaults=[AutomaticDefault.model_validate(one) for one in defaults],
    )


@router.put("", responses=documented(NotAllowed, NotFound, Conflict))
async def set_automatic_message(
    wanted: AutomaticIn, caller: AdminDep, session: SessionDep
) -> AutomaticOut:
    """Set a text, or switch the message off. Unknown placeholders are refused."""
    row = await automatic_messages.put(caller, session, wanted.new_text)
    return AutomaticOut.model_validate(row)


@router.post(
    "/preview", responses=documented(NotFound), dependencies=[needs(Area.settings, "read")]
)
async def preview_automatic_message(
    looked_at: PreviewIn, caller: CallerDep, session: SessionDep
) -> PreviewOut:
    """Show the text a consumer would read, its segments, and warnings."""
    return PreviewOut.of(await automatic_messages.show_preview(caller, session, looked_at.draft))


@router.delete("/{message_id}", status_code=204, responses=documented(NotAllowed, NotFound))
async def remove_automatic_message(
    message_id: Annotated[int, Path(ge=1, le=2**63 - 1)], caller: AdminDep, session: SessionDep
) -> None:
    """Remove a text: a less specific one or the default applies again."""
    await automatic_messages.remove(caller, session, message_id)
