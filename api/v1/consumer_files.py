"""Consumers as files: imported from another system, and exported."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.app_state import AppStateDep
from api.caller import CallerDep
from api.consent_files import spooled
from api.consumer_files import consumers_csv
from api.problems import Documented, documented
from api.schemas.consumer_files import ConsumersImportedOut
from api.scopes import needs
from domain.consumers.imports import Keeping
from domain.errors import ConsumerChanged, Invalid, NotAllowed
from domain.people.token_scopes import Area
from services.importing import giving, taking
from services.importing.taking import Import

router = APIRouter(
    prefix="/consumers",
    tags=["consumers"],
    responses=documented(NotAllowed),
    dependencies=[needs(Area.consumers)],
)
FILE: Documented = {
    200: {
        "content": {"text/csv": {"schema": {"type": "string"}}},
        "description": "The file, in UTF-8.",
    }
}
CSV_BODY = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


@router.get("/export", response_class=Response, responses=FILE)
async def export_consumers(caller: CallerDep, app: AppStateDep) -> Response:
    """Export all consumers as CSV, a line for each number, with the fields that you may see.

    A text that a spreadsheet would run begins with an apostrophe. The file can be imported again.
    """
    return consumers_csv(await giving.export(caller, app.sessions))


@router.post("/import", openapi_extra=CSV_BODY, responses=documented(Invalid, ConsumerChanged))
async def import_consumers(
    request: Request,
    caller: CallerDep,
    app: AppStateDep,
    known: Annotated[
        Keeping, Query(description="Whether what is known is kept or replaced.")
    ] = Keeping.kept,
    dry_run: Annotated[bool, Query(description="Only say what it would do.")] = False,
) -> ConsumersImportedOut:
    """Import consumers from CSV with a heading, up to 32 MB and 100,000 rows.

    Columns: number, and if wanted name, email, note, language, and own fields by id or name. A
    blank cell leaves what is known. Good rows are kept and the others told by their line; the same
    file twice changes nothing more. An import writes for at most 45 s and then says at which line
    it has stopped: send the file again to go on.
    """
    with await spooled(request.stream()) as file:
        wanted = Import(caller, app.sessions, known, is_check=dry_run)
        return ConsumersImportedOut.model_validate(await taking.import_csv(wanted, file))
