"""Twilio's error answers. https://www.twilio.com/docs/api/errors"""

from fastapi import Request
from fastapi.responses import JSONResponse


class TwilioError(Exception):
    """A request Twilio refuses; `retry_after` in seconds."""

    def __init__(
        self, status: int, code: int, message: str, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after


async def error_answer(_request: Request, error: Exception) -> JSONResponse:
    """Render a `TwilioError` as Twilio does."""
    if not isinstance(error, TwilioError):
        raise error
    body = {
        "code": error.code,
        "message": error.message,
        "more_info": f"https://www.twilio.com/docs/errors/{error.code}",
        "status": error.status,
    }
    wait = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return JSONResponse(body, status_code=error.status, headers=wait)
