"""A file as an answer: it can neither run in our pages nor be taken for something else."""

from fastapi import Response
from fastapi.responses import StreamingResponse

from services.files import Content

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Even if it were taken for a page, it could load, run and send nothing."""


def as_answer(content: Content) -> Response:
    """Return a picture to be shown, or another file to be downloaded."""
    how = "inline" if content.is_shown else "attachment"
    return StreamingResponse(
        content.stored.pieces,
        headers={
            "Content-Type": content.content_type,
            "Content-Length": str(content.stored.size),
            "Content-Disposition": f'{how}; filename="{content.name}"',
            "Content-Security-Policy": SANDBOX,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, max-age=600",
        },
    )
