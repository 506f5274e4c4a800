"""The file of an export as an answer, streamed: it is never in memory as a whole."""

from collections.abc import AsyncIterator
from http import HTTPStatus

import structlog
from fastapi import Request
from fastapi.responses import StreamingResponse

from api.byte_ranges import asked_range
from api.files import SANDBOX
from domain.errors import DomainError
from services.exporting.exports import ExportFile

log = structlog.stdlib.get_logger()


LARGE = 16 * 1024 * 1024
"""Bytes of a file that is sent as it is, so that browsers go on where a download was interrupted;
a smaller one is compressed, and begins again. Ours: seconds by a slow line.
"""


def as_download(file: ExportFile, request: Request) -> StreamingResponse:
    """Return a file to be downloaded, or the range of its bytes that is asked for.

    Raises `RangeNotThere`.
    """
    asked = asked_range(request, file.size, file.tag)
    sent = range(file.size) if asked is None else asked
    kept = "private, no-store"
    headers = {
        "Content-Type": file.content_type,
        "Content-Length": str(len(sent)),
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": kept if file.size < LARGE else f"{kept}, no-transform",
        "Accept-Ranges": "bytes",
        "ETag": file.tag,
    }
    if asked is None:
        return StreamingResponse(_pieces(file, sent), headers=headers)
    headers["Content-Range"] = f"bytes {asked.start}-{asked.stop - 1}/{file.size}"
    return StreamingResponse(_pieces(file, sent), HTTPStatus.PARTIAL_CONTENT, headers)


async def _pieces(file: ExportFile, sent: range) -> AsyncIterator[bytes]:
    """Yield bytes of the file; where the store fails they end short, as their length tells."""
    try:
        async for piece in file.read(sent.start, sent.stop):
            yield piece
    except DomainError as error:
        log.warning("export_cut_short", error=type(error).__name__)
        raise
