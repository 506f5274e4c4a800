"""The status for programs, which show an operator's token instead of a cookie."""

from fastapi import APIRouter, Response

from api.app_state import AppStateDep
from web.operator.door import PATH, ProgramDep
from web.operator.written import written

router = APIRouter(prefix=PATH)


@router.get("/status.json")
async def tell_status(app: AppStateDep, operator: ProgramDep) -> Response:
    """Tell programs what the page shows."""
    return written(await app.looking.look(operator, app.backends))
