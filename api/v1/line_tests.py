"""Trying a line: a text to a phone of one's own."""

from fastapi import APIRouter

from api.app_state import AppStateDep, SessionDep
from api.caller import AdminDep
from api.idempotent import KeyDep, OnceDep
from api.problems import documented
from api.schemas.line_tests import LineTestOut
from api.schemas.shared import SlugPath, UuidPath
from api.scopes import needs
from domain.errors import (
    Conflict,
    ConsumerBlocked,
    ConsumerOptedOut,
    MessageEmpty,
    MessageTooLong,
    NotAllowed,
    NotFound,
    NumberInvalid,
    NumberIsLandline,
)
from domain.people.token_scopes import Area
from services import trying_lines
from services.bounding import BoundReached, CountryNotAllowed
from services.trying_lines import NewLineTest

router = APIRouter(
    prefix="/lines/{line_id}/tests", tags=["lines"], dependencies=[needs(Area.notifications)]
)


@router.get("", responses=documented(NotAllowed, NotFound))
async def list_line_tests(
    line_id: SlugPath, caller: AdminDep, session: SessionDep
) -> list[LineTestOut]:
    """List the latest texts with which a line was tried, the newest first."""
    found = await trying_lines.latest(caller, session, line_id)
    return [LineTestOut.model_validate(one) for one in found]


@router.post(
    "",
    status_code=201,
    responses=documented(
        NotAllowed,
        NotFound,
        Conflict,
        NumberInvalid,
        NumberIsLandline,
        ConsumerOptedOut,
        ConsumerBlocked,
        CountryNotAllowed,
        BoundReached,
        MessageEmpty,
        MessageTooLong,
    ),
)
async def send_line_test(
    line_id: SlugPath,
    new: NewLineTest,
    caller: AdminDep,
    app: AppStateDep,
    session: SessionDep,
    once: OnceDep,
    key: KeyDep,
) -> LineTestOut:
    """Text a phone of your own from a line, to see that its texts arrive.

    It is stored when this answers, leaves as any text does, and counts for the bounds. Three in a
    minute are the most.
    """

    async def make() -> LineTestOut:
        sent = await trying_lines.send(caller, session, app.sessions, key, line_id, new)
        return LineTestOut.model_validate(sent)

    return await once.create(session, LineTestOut, make)


@router.get("/{test_id}", responses=documented(NotAllowed, NotFound))
async def show_line_test(
    line_id: SlugPath, test_id: UuidPath, caller: AdminDep, session: SessionDep
) -> LineTestOut:
    """Show a text with which a line was tried, and what became of it."""
    return LineTestOut.model_validate(await trying_lines.show(caller, session, line_id, test_id))
