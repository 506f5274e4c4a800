"""The file of an export as an answer, streamed: it is never in memory as a whole."""

from collections.abc import AsyncIterator

import structlog
from fastapi.responses import StreamingResponse

from api.files import SANDBOX
from domain.errors import DomainError
from services.exporting.exports import ExportFile

log = structlog.stdlib.get_logger()


def as_download(file: ExportFile) -> StreamingResponse:
    """Return a file to be downloaded."""
    return StreamingResponse(
        _pieces(file),
        headers={
            "Content-Type": file.content_type,
            "Content-Length": str(file.size),
            "Content-Disposition": f'attachment; filename="{file.name}"',
            "Content-Security-Policy": SANDBOX,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


async def _pieces(file: ExportFile) -> AsyncIterator[bytes]:
    """Yield the file; where the store fails it ends short, which its length tells the reader."""
    try:
        async for piece in file.pieces:
            yield piece
    except DomainError as error:
        log.warning("export_cut_short", error=type(error).__name__)
        raise
