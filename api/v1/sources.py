"""Sources: ads, posters and pages, with their links and QR codes."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.idempotent import OnceDep
from api.problems import documented
from api.qr_files import qr_file
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of
from api.schemas.sources import NewSource, SourceChange, SourceOut
from domain.errors import Conflict, NotAllowed, NotFound
from services.configuring import sources
from services.qr_codes import QrFormat

router = APIRouter(prefix="/sources", tags=["sources"])


@router.get("")
async def list_sources(
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    retired: Annotated[bool, Query(description="Show retired ones too.")] = False,
) -> Page[SourceOut]:
    """List the account's sources, and how many conversations each began."""
    found = await sources.listed(
        caller, session, after=after_id(cursor), limit=limit + 1, retired=retired
    )
    return page_of(found, limit, SourceOut.of, lambda one: [one.source.id])


@router.post("", status_code=201, responses=documented(NotAllowed, NotFound, Conflict))
async def create_source(
    new: NewSource, caller: AdminDep, session: SessionDep, once: OnceDep
) -> SourceOut:
    """Create a source: whoever texts its first text, or its keyword first, goes to its skill."""

    async def make() -> SourceOut:
        return SourceOut.of(await sources.create(caller, session, new.wanted))

    return await once.create(session, SourceOut, make)


@router.get("/{source_id}", responses=documented(NotFound))
async def show_source(source_id: SlugPath, caller: CallerDep, session: SessionDep) -> SourceOut:
    """Show a source, retired or not."""
    return SourceOut.of(await sources.find(caller, session, source_id))


@router.patch("/{source_id}", responses=documented(NotAllowed, NotFound, Conflict))
async def change_source(
    source_id: SlugPath, change: SourceChange, caller: AdminDep, session: SessionDep
) -> SourceOut:
    """Change a source."""
    return SourceOut.of(await sources.change(caller, session, source_id, change.wanted))


@router.delete(
    "/{source_id}", status_code=204, responses=documented(NotAllowed, NotFound, Conflict)
)
async def retire_source(source_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Retire a source. Texts to it are ordinary ones from now on; its conversations keep it."""
    await sources.retire(caller, session, source_id)


@router.get(
    "/{source_id}/qr.svg",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {}}}, **documented(NotFound)},
)
async def show_qr_svg(
    source_id: SlugPath, request: Request, caller: CallerDep, session: SessionDep
) -> Response:
    """Show the QR code of its link as SVG, to be printed in any size."""
    found = await sources.find(caller, session, source_id)
    return qr_file(request, found.link, QrFormat.svg)


@router.get(
    "/{source_id}/qr.png",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}, **documented(NotFound)},
)
async def show_qr_png(
    source_id: SlugPath, request: Request, caller: CallerDep, session: SessionDep
) -> Response:
    """Show the QR code of its link as PNG."""
    found = await sources.find(caller, session, source_id)
    return qr_file(request, found.link, QrFormat.png)
