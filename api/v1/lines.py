"""Lines: the brand's numbers, and where their texts go."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import AppState, AppStateDep, SessionDep
from api.caller import AdminDep, CallerDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.brand import LineChange, LineOut, NewLine
from api.schemas.calls import NumberSetUpOut
from api.schemas.numbers import AnsweredCalls, LineReportOut, NumberOut, TakenBack
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of
from api.scopes import needs
from domain.errors import Conflict, NotAllowed, NotFound, NumberInvalid
from domain.people.token_scopes import Area
from services import line_calls, line_health, number_set_up
from services.configuring import lines
from services.configuring.lines import LineDetail
from services.number_set_up import ProviderSilent
from services.phone_set_up import NotSetUp

router = APIRouter(prefix="/lines", tags=["lines"], dependencies=[needs(Area.settings)])


@router.get("")
async def list_lines(
    caller: CallerDep,
    app: AppStateDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    retired: Annotated[bool, Query(description="Show retired ones too.")] = False,
) -> Page[LineOut]:
    """List the account's lines."""
    found = await lines.listed(
        caller, session, after=after_id(cursor), limit=limit + 1, retired=retired
    )
    return page_of(found, limit, lambda one: _shown(app, one), lambda one: [one.line.id])


@router.post(
    "", status_code=201, responses=documented(NotAllowed, NotFound, Conflict, NumberInvalid)
)
async def create_line(
    new: NewLine, caller: AdminDep, app: AppStateDep, session: SessionDep, once: OnceDep
) -> LineOut:
    """Put a number into service. Give its webhook address to the provider."""

    async def make() -> LineOut:
        return _shown(app, await lines.create(caller, session, app.known_providers, new.wanted))

    return await once.create(session, LineOut, make)


@router.get("/{line_id}", responses=documented(NotFound))
async def show_line(
    line_id: SlugPath, caller: CallerDep, app: AppStateDep, session: SessionDep
) -> LineOut:
    """Show a line, retired or not."""
    return _shown(app, await lines.find(caller, session, line_id))


@router.patch("/{line_id}", responses=documented(NotAllowed, NotFound, Conflict))
async def change_line(
    line_id: SlugPath, change: LineChange, caller: AdminDep, app: AppStateDep, session: SessionDep
) -> LineOut:
    """Change a line. Open conversations stay where they are."""
    changed = await lines.change(caller, session, app.known_providers, line_id, change.wanted)
    return _shown(app, changed)


@router.delete(
    "/{line_id}",
    status_code=204,
    responses=documented(NotAllowed, NotFound, Conflict, ProviderSilent),
)
async def retire_line(
    line_id: SlugPath,
    caller: AdminDep,
    app: AppStateDep,
    leave: Annotated[
        bool, Query(description="Leave the provider's settings as they are, for one that is gone.")
    ] = False,
) -> None:
    """Retire a line: its texts are then refused. Not possible while it has open conversations.

    The provider posts its texts again where they went before the line was set up here.
    """
    await number_set_up.retire(caller, app.provisioning, line_id, leaves=leave)


@router.get("/{line_id}/health", responses=documented(NotAllowed, NotFound))
async def check_line(line_id: SlugPath, caller: AdminDep, app: AppStateDep) -> LineReportOut:
    """Ask the provider whether a line's texts pass, and say what was found."""
    return LineReportOut.of(await line_health.check(caller, app.provisioning, line_id))


@router.post(
    "/{line_id}/set-up", responses=documented(NotAllowed, NotFound, Conflict, ProviderSilent)
)
async def set_line_up(line_id: SlugPath, caller: AdminDep, app: AppStateDep) -> NumberOut:
    """Make the provider post the line's texts here. Repeating it changes nothing."""
    return NumberOut.of(await number_set_up.set_up(caller, app.provisioning, line_id))


@router.post(
    "/{line_id}/take-back", responses=documented(NotAllowed, NotFound, Conflict, ProviderSilent)
)
async def take_line_back(line_id: SlugPath, caller: AdminDep, app: AppStateDep) -> TakenBack:
    """Make the provider post the line's texts where they went before it was set up here."""
    return TakenBack(was_set_up=await number_set_up.take_back(caller, app.provisioning, line_id))


@router.post(
    "/{line_id}/answer-calls",
    responses=documented(NotAllowed, NotFound, Conflict, NotSetUp),
    dependencies=[needs(Area.calls)],
)
async def answer_line_calls(
    line_id: SlugPath, wanted: AnsweredCalls, caller: AdminDep, app: AppStateDep
) -> NumberSetUpOut:
    """Have calls of the line's own number answered with the offer of a text.

    A menu is made for the number unless it has one. Where its calls went before is kept, and put
    back when the line is retired. Repeating it changes nothing.
    """
    done = await line_calls.answer(caller, app.provisioning, line_id, wanted.replaces)
    return NumberSetUpOut.model_validate(done)


def _shown(app: AppState, found: LineDetail) -> LineOut:
    return LineOut.of(found, app.inbound_webhook(found.provider, found.line.id))
