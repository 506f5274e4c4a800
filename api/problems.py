"""Every error as problem details (RFC 9457): one shape, a stable code, a sentence for a person."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg.errors import UniqueViolation
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException

from api.allowed_methods import allowed
from api.body_limit import UPLOADS
from api.errors import (
    CrossSite,
    DatabaseAway,
    DatabaseBusy,
    Fault,
    MalformedJson,
    NotJson,
    RangeNotThere,
    TooLarge,
    TooManyAttempts,
    TooManyRequests,
    TooManyStreams,
)
from database.away import NOT_DONE, is_away, is_cut_short, state_of
from domain.errors import (
    Conflict,
    DomainError,
    MayStillBeDone,
    NotAllowed,
    NotAuthenticated,
    NotFound,
)
from services.errors import ScopeMissing
from translations.catalogue import refusal
from translations.reader import reader

MEDIA_TYPE = "application/problem+json"
REFERENCE = "#/components/schemas/Problem"
CONTENT: dict[str, Any] = {MEDIA_TYPE: {"schema": {"$ref": REFERENCE}}}
"""What a route says of its errors: for a model, FastAPI would make one of each at each route."""

log = structlog.stdlib.get_logger()


def example_of(code: str, status: int, detail: str) -> dict[str, Any]:
    """Return a problem as it is answered."""
    return {
        "type": f"urn:switchboard:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "instance": "/v1/conversations",
    }


MISSING = example_of(NotFound.code, NotFound.status, NotFound.sentence)


class FieldError(BaseModel):
    """What is wrong with one part of a request, such as `body.text`."""

    where: str
    message: str


class Problem(BaseModel):
    """An error. `code` is for programs and stable, `detail` for people.

    `key` comes with `may_still_be_done`: repeat the same request with this Idempotency-Key to get
    its answer. It is done only once.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [MISSING]})

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    key: str | None = None
    errors: list[FieldError] | None = None


class ProblemResponse(JSONResponse):
    media_type = MEDIA_TYPE


def answer(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[FieldError] = (),
    key: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """Return the answer to a request that failed."""
    problem = Problem(
        type=f"urn:switchboard:problem:{code}",
        title=code.replace("_", " ").capitalize(),
        status=status,
        detail=refusal(reader().language, detail),
        code=code,
        instance=request.url.path,
        key=key,
        errors=list(errors) or None,
    )
    content = problem.model_dump(exclude_none=True)
    return ProblemResponse(content, status_code=status, headers=dict(headers or {}))


async def refused(request: Request, error: Exception) -> ProblemResponse:
    """Answer a rule's refusal."""
    rule = cast(DomainError, error)
    key = rule.key if isinstance(rule, MayStillBeDone) else None
    headers = headers_of(rule)
    return answer(request, rule.status, rule.code, rule.detail, key=key, headers=headers)


def headers_of(refusal: DomainError) -> dict[str, str]:
    """Return the headers that say what to do about a refusal."""
    match refusal:
        case MayStillBeDone(key=str(key)):
            return {"Retry-After": str(refusal.retry_after), "Idempotency-Key": key}
        case TooManyRequests():
            return {"Retry-After": str(refusal.retry_after), **refusal.headers}
        case RangeNotThere():
            return {"Content-Range": f"bytes */{refusal.size}", "Accept-Ranges": "bytes"}
        case MayStillBeDone() | TooManyAttempts() | TooManyStreams():
            return {"Retry-After": str(refusal.retry_after)}
        case ScopeMissing(scope=scope) if scope:
            # RFC 6750, section 3.1.
            return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'}
        case _ if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE:
            return {"Retry-After": str(MayStillBeDone.retry_after)}
        case _ if refusal.status == HTTPStatus.UNAUTHORIZED:
            return {"WWW-Authenticate": "Bearer"}
        case _:
            return {}


async def malformed(request: Request, error: Exception) -> ProblemResponse:
    """Answer a request of the wrong form, without repeating what was sent."""
    found = cast(RequestValidationError, error).errors()
    if any(one["type"] == "json_invalid" for one in found):
        return await refused(request, MalformedJson())
    errors = [
        FieldError(where=".".join(str(part) for part in one["loc"]), message=one["msg"])
        for one in found
    ]
    return _not_of_the_form(request, errors)


def _not_of_the_form(request: Request, errors: Sequence[FieldError]) -> ProblemResponse:
    sentence = "The request does not have the required form."
    return answer(request, 422, "malformed", sentence, errors=errors)


async def not_routed(request: Request, error: Exception) -> ProblemResponse:
    """Answer what the framework refuses itself: unknown addresses, methods, bodies."""
    refusal = cast(HTTPException, error)
    if refusal.status_code == HTTPStatus.NOT_FOUND:
        return await refused(request, NotFound())
    if refusal.status_code == HTTPStatus.BAD_REQUEST:
        return await refused(request, MalformedJson())
    if refusal.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        half = FieldError(where="body", message="An escape names half a character.")
        return _not_of_the_form(request, [half])
    status = HTTPStatus(refusal.status_code)
    is_upload = UPLOADS.fullmatch(request.url.path) is not None
    code, sentence = status.name.lower(), sentence_of(status, is_upload=is_upload)
    headers = dict(refusal.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = allowed(request)
    return answer(request, status.value, code, sentence, headers=headers)


def sentence_of(status: HTTPStatus, *, is_upload: bool = False) -> str:
    """Return what to tell a person whom the framework refuses; `is_upload`: with a picture."""
    match status:
        case HTTPStatus.NOT_FOUND:
            return NotFound().detail
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return "This address does not take such a request."
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE if is_upload:
            return "A picture may have at most 5 MB. Send a smaller one."
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return TooLarge.sentence
        case _:
            return f"{(status.description or status.phrase).rstrip('.')}."


async def not_done(request: Request, error: Exception) -> ProblemResponse:
    """Answer when the database does not, or gave up on a statement."""
    return await refused(request, refusal_of(error))


def refusal_of(error: Exception) -> DomainError:
    """Return the refusal for a statement that was not done; raise any other error.

    The caller may try again. A statement that was cut short is also logged as an error: it waited
    for others or is slow, and we have to fix that.
    """
    if is_away(error):
        log.warning("database_away", error=type(error).__name__)
        return DatabaseAway()
    if is_cut_short(error):
        log.error("statement_cut_short", state=state_of(error))
        return DatabaseBusy()
    raise error


async def not_unique(request: Request, error: Exception) -> ProblemResponse:
    """Answer the second of two requests that create the same thing at once."""
    if not isinstance(cast(IntegrityError, error).orig, UniqueViolation):
        raise error
    return await refused(request, Conflict("This already exists."))


def install(app: FastAPI) -> None:
    """Make the application answer every known error with problem details."""
    app.add_exception_handler(DomainError, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, not_routed)
    app.add_exception_handler(IntegrityError, not_unique)
    for kind in NOT_DONE:
        app.add_exception_handler(kind, not_done)


Documented = dict[int | str, dict[str, Any]]


def documented(*errors: type[DomainError]) -> Documented:
    """Return `responses=` for a route's own errors, besides those of every route."""
    by_status: dict[int, list[type[DomainError]]] = {}
    for error in errors:
        by_status.setdefault(error.status, []).append(error)
    return {
        status: {"content": CONTENT, "description": "; ".join(_described(kinds, status))}
        for status, kinds in by_status.items()
    }


MALFORMED = (
    "`malformed`: The request is not of the required form, or has an unknown parameter; `errors` "
    "says which."
)


def _described(kinds: Sequence[type[DomainError]], status: int) -> list[str]:
    """Return what an answer may mean. A route's own 422 replaces the common one."""
    own = [f"`{kind.code}`: {kind.sentence}" for kind in kinds]
    return [*own, MALFORMED] if status == HTTPStatus.UNPROCESSABLE_ENTITY else own


COMMON = (
    *(NotAuthenticated, NotAllowed, ScopeMissing, CrossSite, NotFound),
    *(TooManyRequests, Fault, DatabaseAway, DatabaseBusy),
)
"""Errors that every route of the API may answer with."""
OF_BODIES = (MalformedJson, TooLarge, NotJson)
"""Errors of routes that take a body in JSON."""
EVERYWHERE: Documented = {
    **documented(*COMMON, MalformedJson),
    422: {"content": CONTENT, "description": MALFORMED},
}
