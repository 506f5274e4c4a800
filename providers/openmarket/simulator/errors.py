"""OpenMarket's error answers."""

from fastapi import Request
from fastapi.responses import JSONResponse

UNKNOWN_TICKET = 2047
BAD_LOG_IN = 420


class OpenMarketError(Exception):
    """The error for a request that OpenMarket refuses. `retry_after`: seconds."""

    def __init__(
        self, status: int, code: int, description: str, retry_after: int | None = None
    ) -> None:
        super().__init__(description)
        self.status = status
        self.code = code
        self.description = description
        self.retry_after = retry_after


async def error_answer(_request: Request, error: Exception) -> JSONResponse:
    """Render an `OpenMarketError` as OpenMarket does."""
    if not isinstance(error, OpenMarketError):
        raise error
    body = {"error": {"code": str(error.code), "description": error.description}}
    wait = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return JSONResponse(body, status_code=error.status, headers=wait)
