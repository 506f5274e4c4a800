"""Files of conversations: pictures to look at, other files to download."""

from fastapi import APIRouter, Response

from api.app_state import AppStateDep, BackendsDep, SessionDep
from api.caller import CallerDep
from api.files import as_answer
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.shared import Answer, UuidPath
from api.scopes import needs
from domain.errors import NotFound
from domain.people.token_scopes import Area
from media.store import StoreAway
from services import files
from services.errors import FileNotThere

router = APIRouter(
    prefix="/media/{file_id}",
    tags=["conversations"],
    responses=documented(NotFound),
    dependencies=[needs(Area.conversations)],
)
BYTES = {200: {"content": {"application/octet-stream": {}}, "description": "The file's bytes."}}
MISSING = documented(FileNotThere, StoreAway) | BYTES


@router.get("", responses=MISSING, response_class=Response)
async def read_file(
    file_id: UuidPath, caller: CallerDep, backends: BackendsDep, app: AppStateDep
) -> Response:
    """Return a file of a conversation you may see. What is no picture is sent as a download."""
    async with backends.sessions.begin() as session:
        file = await files.find_file(caller, session, file_id)
    return as_answer(await files.read_content(app.media, file))


@router.get("/thumbnail", responses=MISSING, response_class=Response)
async def read_thumbnail(
    file_id: UuidPath, caller: CallerDep, backends: BackendsDep, app: AppStateDep
) -> Response:
    """Return a small form of a picture: at most 480 pixels in each direction."""
    async with backends.sessions.begin() as session:
        file = await files.find_file(caller, session, file_id)
    return as_answer(await files.read_content(app.media, file, thumbnail=True))


@router.post("/fetch", status_code=204)
async def fetch_file_again(
    file_id: UuidPath, caller: CallerDep, session: SessionDep, once: OnceDep
) -> None:
    """Fetch a consumer's file that failed once more, now. Otherwise nothing happens."""

    async def fetch() -> Answer:
        await files.fetch_again(caller, session, file_id)
        return Answer()

    await once.create(session, Answer, fetch)
