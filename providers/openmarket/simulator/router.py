"""The API: hand a text over, and ask what became of it.

https://www.openmarket.com/docs/Content/apis/v4http/send-json.htm and get-status-json.htm
"""

import asyncio
import base64
import hmac
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import JsonValue

from providers.openmarket.simulator.drafts import PROVIDER, draft
from providers.openmarket.simulator.errors import BAD_LOG_IN, UNKNOWN_TICKET, OpenMarketError
from providers.openmarket.simulator.receipts import REASONS, status
from simulator.broken import DroppedConnection, ResetConnection
from simulator.carrier import Carrier
from simulator.dependencies import CarrierDep, get_carrier
from simulator.faults import Fault, FaultKind

PAGE = "<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>"


def new_ticket() -> str:
    """Return a new ticket, such as 8514F-01278-17445-23FSJ."""
    letters = uuid4().hex.upper()
    return "-".join(letters[at : at + 5] for at in range(0, 20, 5))


def authenticate(request: Request) -> None:
    """Raise `OpenMarketError` unless Basic auth holds the account and one of its passwords."""
    if not _is_known(request.headers.get("Authorization", ""), get_carrier(request)):
        raise OpenMarketError(401, BAD_LOG_IN, "Invalid account ID or password")


router = APIRouter(prefix="/sms/v4/mt", tags=[PROVIDER], dependencies=[Depends(authenticate)])


@router.post("", status_code=202)
async def submit(request: Request, carrier: CarrierDep) -> Response:
    """Accept a text, unless a fault is planned."""
    if broken := _broken_by_fault(carrier):
        return broken
    message = carrier.accept(draft(await request.body(), carrier, new_ticket()))
    if slow := carrier.faults.take(FaultKind.slow_answer):
        await asyncio.sleep(slow.lateness)
    if carrier.faults.take(FaultKind.reset_after_taking):
        return ResetConnection()
    if lost := carrier.faults.take(FaultKind.answer_lost):
        return DroppedConnection() if lost.answer == "drop" else HTMLResponse(PAGE, 502)
    base = str(request.url).partition("?")[0].rstrip("/")
    return Response(status_code=202, headers={"Location": f"{base}/{message.sid}"})


@router.get("/{ticket}/status")
async def tell_status(ticket: str, carrier: CarrierDep) -> JSONResponse:
    """Return what became of a text."""
    message = carrier.messages.get(ticket)
    if message is None or message.provider != PROVIDER:
        raise OpenMarketError(404, UNKNOWN_TICKET, "Invalid ticketId")
    body: dict[str, JsonValue] = status(message)
    return JSONResponse(body)


def _broken_by_fault(carrier: Carrier) -> Response | None:
    """Return the planned fault in place of an answer. Raises `OpenMarketError` for its errors."""
    if carrier.faults.take(FaultKind.reset_before_taking):
        return ResetConnection()
    if fault := carrier.faults.take(FaultKind.refused):
        code = REASONS[FaultKind.refused] if fault.error_code is None else fault.error_code
        raise OpenMarketError(400, code, "The request was refused")
    if fault := carrier.faults.take(FaultKind.too_many_requests):
        raise OpenMarketError(429, 1010, "Too many requests", fault.retry_after)
    if fault := carrier.faults.take(FaultKind.unavailable):
        return _failed(fault, OpenMarketError(503, 1010, "Temporary system error"))
    if fault := carrier.faults.take(FaultKind.server_error):
        return _failed(fault, OpenMarketError(500, 1000, "System error"))
    return None


def _failed(fault: Fault, error: OpenMarketError) -> Response:
    """Raise OpenMarket's error, or return the page of a proxy in front of it."""
    if fault.body == "provider":
        raise error
    return HTMLResponse(PAGE, error.status)


def _is_known(authorization: str, carrier: Carrier) -> bool:
    scheme, _, encoded = authorization.partition(" ")
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return False
    tokens = {carrier.account.auth_token, *(line.auth_token for line in carrier.lines)}
    is_right = any(hmac.compare_digest(password.encode(), token.encode()) for token in tokens)
    return scheme.lower() == "basic" and user == carrier.account.sid and is_right
