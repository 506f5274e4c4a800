"""The page's service worker, which shows notices while no page is open.

It stands at the root: a service worker counts for the pages below its own address.
"""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

from web.route import HEADERS

SCRIPT = Path(__file__).parents[1] / "static" / "service_worker.js"

router = APIRouter()


@router.get("/service-worker.js")
async def show_service_worker() -> FileResponse:
    """Return the service worker. Browsers look for another one at each visit."""
    headers = {**HEADERS, "Cache-Control": "no-cache"}
    return FileResponse(SCRIPT, media_type="text/javascript", headers=headers)
