"""Telnyx's error answers."""

from fastapi import Request
from fastapi.responses import JSONResponse


class TelnyxError(Exception):
    """The error for a request that Telnyx refuses. `retry_after`: seconds."""

    def __init__(self, status: int, code: int, title: str, retry_after: int | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.code = code
        self.title = title
        self.retry_after = retry_after


async def error_answer(_request: Request, error: Exception) -> JSONResponse:
    """Render a `TelnyxError` as Telnyx does."""
    if not isinstance(error, TelnyxError):
        raise error
    told = {
        "code": str(error.code),
        "title": error.title,
        "detail": error.title,
        "meta": {"url": f"https://developers.telnyx.com/docs/overview/errors/{error.code}"},
    }
    wait = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return JSONResponse({"errors": [told]}, status_code=error.status, headers=wait)
