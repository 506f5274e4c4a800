"""Phone calls: whether to text a caller, the text, and what became of it."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep, ManagerDep
from api.cards import MASKS_ITSELF
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.calls import AnnouncedCall, CallInvitation, CallOut, EligibilityOut
from api.schemas.shared import Cursor, Limit, Page, UuidPath, page_of, read_cursor, unknown_cursor
from api.scopes import needs
from domain.errors import Conflict, MessageEmpty, MessageTooLong, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services import calls
from services.calls import CallDetail

router = APIRouter(prefix="/calls", tags=["calls"], dependencies=[needs(Area.calls)])


@router.post("/eligibility", status_code=201, responses=documented(NotFound, Conflict))
async def check_call(
    announced: AnnouncedCall, caller: CallerDep, session: SessionDep, once: OnceDep
) -> EligibilityOut:
    """Say whether a caller of your phone system can be texted. Nothing is sent."""

    async def make() -> EligibilityOut:
        return EligibilityOut.of(await calls.check(caller, session, announced.wanted))

    return await once.create(session, EligibilityOut, make)


@router.post(
    "/{call_id}/invite",
    dependencies=[MASKS_ITSELF],
    responses=documented(NotAllowed, NotFound, Conflict, MessageEmpty, MessageTooLong),
)
async def invite_caller(
    call_id: UuidPath, wanted: CallInvitation, caller: CallerDep, session: SessionDep, once: OnceDep
) -> CallOut:
    """Text the caller of a call, once, however often this is asked. A reply opens a conversation.

    `why_not` says why no text leaves. Without `pressed` it is a text for a missed call: only where
    the menu allows that, not in quiet hours, and once a day for a number.
    """

    async def make() -> CallOut:
        done = await calls.invite(caller, session, call_id, wanted.wanted, wanted.text)
        return CallOut.of(done)

    return await once.create(session, CallOut, make)


@router.get("", responses=documented(NotAllowed))
async def list_calls(
    caller: ManagerDep, session: SessionDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[CallOut]:
    """List the account's phone calls, the newest first."""
    found = await calls.listed(caller, session, before=_before(cursor), limit=limit + 1)
    return page_of(found, limit, CallOut.of, _position)


@router.get("/{call_id}", responses=documented(NotAllowed, NotFound))
async def show_call(call_id: UuidPath, caller: ManagerDep, session: SessionDep) -> CallOut:
    """Show a phone call, and what became of its text."""
    return CallOut.of(await calls.find(caller, session, call_id))


def _position(found: CallDetail) -> list[str]:
    return [found.call.began_at.isoformat(), str(found.call.id)]


def _before(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    began_at, call_id = read_cursor(cursor, 2)
    try:
        moment, row_id = datetime.fromisoformat(began_at), UUID(call_id)
    except ValueError as error:
        raise unknown_cursor() from error
    if moment.tzinfo is None:
        raise unknown_cursor()
    return moment, row_id
