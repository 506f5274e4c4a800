"""Exports by a signed link, as the event `export_ready` tells it to an endpoint."""

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from api.app_state import AppStateDep
from api.clock import utc_now
from api.export_files import as_download
from api.file_links import LONGEST
from api.schemas.shared import UuidPath
from domain.errors import NotFound
from services.exporting import exports

router = APIRouter(include_in_schema=False)


@router.get("/exported/{export_id}/{expires}/{signature}")
async def read_export(
    export_id: UuidPath, expires: str, signature: str, request: Request, app: AppStateDep
) -> StreamingResponse:
    """Return the file of a good link. The signature is the permission."""
    if not (expires.isascii() and expires.isdigit() and len(expires) <= LONGEST):
        raise NotFound
    if not app.export_links.is_good(export_id, int(expires), signature, utc_now()):
        raise NotFound
    async with app.sessions.begin() as session:
        file = await exports.open_linked(session, app.media, export_id)
    return as_download(file, request)
