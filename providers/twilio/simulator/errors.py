"""Twilio's error answers. https://www.twilio.com/docs/api/errors"""

from http import HTTPStatus

from fastapi import Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException


class TwilioError(Exception):
    """The error for a request that Twilio refuses. `retry_after`: seconds."""

    def __init__(
        self, status: int, code: int, message: str, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after


NAMED = {404: 20404, 405: 20004}
"""Twilio's errors for requests that the framework itself refuses."""


async def not_routed(request: Request, error: Exception) -> Response:
    """Answer as Twilio does when no route matches; other routes keep the framework's answer."""
    if not isinstance(error, HTTPException):
        raise error
    is_explained = error.detail != HTTPStatus(error.status_code).phrase
    if error.status_code not in NAMED or is_explained:
        return await http_exception_handler(request, error)
    text = f"The requested resource {request.url.path} was not found"
    return await error_answer(
        request, TwilioError(error.status_code, NAMED[error.status_code], text)
    )


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
