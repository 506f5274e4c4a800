"""A ZIP as an answer, sent while it is made."""

from collections.abc import AsyncIterator

from fastapi.responses import StreamingResponse


def zipped(pieces: AsyncIterator[bytes], name: str) -> StreamingResponse:
    """Return an answer that sends the pieces of a ZIP as a download."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.zip"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)
