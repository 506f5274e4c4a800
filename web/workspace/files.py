"""Files in a transcript: fetched again on demand."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.app_state import SessionDep
from services import files
from web.page_context import PageUserDep
from web.route import HOME, PageRoute, is_part, redirect

router = APIRouter(prefix="/workspace/files/{file_id}", route_class=PageRoute)


@router.post("/fetch")
async def fetch_again(
    request: Request, file_id: UUID, user: PageUserDep, session: SessionDep
) -> Response:
    """Fetch a file that failed once more. The page's stream then shows what comes of it."""
    conversation_id = await files.fetch_again(user.caller, session, file_id)
    if is_part(request):
        return Response(status_code=204)
    return redirect(request, f"{HOME}/{conversation_id}")
