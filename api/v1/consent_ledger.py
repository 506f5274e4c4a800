"""The ledger of consent, as evidence."""

from fastapi import APIRouter, Request, Response

from api.app_state import AppStateDep
from api.caller import AdminDep
from api.consent_files import LedgerFormat, spooled, streamed
from api.problems import Documented, documented
from api.schemas.consent_ledger import ImportedOut
from api.scopes import needs
from domain.errors import Invalid, NotAllowed
from domain.people.token_scopes import Area
from services import consent_ledger

router = APIRouter(
    prefix="/consent-events",
    tags=["consumers"],
    responses=documented(NotAllowed),
    dependencies=[needs(Area.consumers)],
)
FILE: Documented = {
    200: {
        "content": {"text/csv": {"schema": {"type": "string"}}},
        "description": "The file, as CSV or as a JSON array.",
    }
}
CSV_BODY = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


@router.get("", response_class=Response, responses=FILE)
async def export_consent(
    caller: AdminDep, app: AppStateDep, format: LedgerFormat = LedgerFormat.csv
) -> Response:
    """Export every change of consent up to now, the oldest first, as CSV or as a JSON array.

    Each has who, when, what was said, for which scope, and where it came from. In CSV a text that a
    spreadsheet would run begins with an apostrophe.
    """
    return streamed(await consent_ledger.export(caller, app.sessions), format)


@router.post("/import", openapi_extra=CSV_BODY, responses=documented(Invalid))
async def import_consent(request: Request, caller: AdminDep, app: AppStateDep) -> ImportedOut:
    """Import changes of consent from CSV in UTF-8, up to 32 MB, with a heading.

    Columns: number, kind (opted_out or opted_in), at (with its offset), evidence, and if wanted
    scope and text. Good lines are imported and the others told by number. A line is imported once,
    however often it is sent. An import writes for at most 45 s and then says at which line it has
    stopped: send the file again to go on. An opt-out counts unless something later is known; an
    opt-in is kept as evidence, and only the consumer's START opts in again.
    """
    with await spooled(request.stream()) as file:
        return ImportedOut.of(await consent_ledger.import_csv(caller, app.sessions, file))
