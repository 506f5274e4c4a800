"""Files for providers: by a signed link that is good for a short time and for one file."""

from uuid import UUID

from fastapi import APIRouter, Response

from api.app_state import AppStateDep
from api.clock import utc_now
from api.files import as_answer
from api.schemas.shared import UuidPath
from database.queries import media
from domain.errors import NotFound
from services.files import read_content

router = APIRouter(include_in_schema=False)
LONGEST = 12
"""Digits of a moment in seconds. Ours: enough for 30,000 years."""


@router.api_route("/files/{file_id}/{expires}/{signature}", methods=["GET", "HEAD"])
async def read_file(file_id: UuidPath, expires: str, signature: str, app: AppStateDep) -> Response:
    """Return the file of a good link. The signature is the permission."""
    if not (expires.isascii() and expires.isdigit() and len(expires) <= LONGEST):
        raise NotFound
    if not app.file_links.is_good(UUID(str(file_id)), int(expires), signature, utc_now()):
        raise NotFound
    async with app.sessions.begin() as session:
        file = (await media.by_id(session, [file_id])).get(file_id)
    if file is None:
        raise NotFound
    return as_answer(await read_content(app.media, file))
