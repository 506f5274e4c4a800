"""Pictures to send: uploaded first, then named by a reply."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from api.app_state import AppStateDep
from api.caller import CallerDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.media import MediaOut
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.errors import NotFound
from domain.people.token_scopes import Area
from media.store import StoreAway
from services import uploading
from services.errors import PicturesNotPossible, PictureUnfit
from services.uploading import SENT, Uploading

router = APIRouter(
    prefix="/conversations/{conversation_id}/media",
    tags=["conversations"],
    responses=documented(NotFound, PicturesNotPossible),
    dependencies=[needs(Area.conversations)],
)
PICTURE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
BODY = {"requestBody": {"required": True, "content": dict.fromkeys(sorted(SENT), PICTURE)}}


def get_uploading(app: AppStateDep) -> Uploading:
    return Uploading(app.sessions, app.media, app.pictures)


@router.post("", status_code=201, responses=documented(PictureUnfit, StoreAway), openapi_extra=BODY)
async def upload_picture(
    conversation_id: UuidPath,
    request: Request,
    caller: CallerDep,
    to: Annotated[Uploading, Depends(get_uploading)],
    once: OnceDep,
) -> MediaOut:
    """Upload a picture for a reply: a JPEG, PNG or GIF of at most 5 MB, as the request's body.

    Name its id in `media` of `POST .../replies`. A picture that is not sent within a day is
    deleted.
    """
    await uploading.check_upload(caller, to, conversation_id)

    async def make() -> MediaOut:
        content = await request.body()
        return MediaOut.of(await uploading.upload(caller, to, conversation_id, content))

    return await once.do(to.sessions, MediaOut, make)
