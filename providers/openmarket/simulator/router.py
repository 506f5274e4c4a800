"""The API: hand a text over, and ask what became of it.

https://www.openmarket.com/docs/Content/apis/v4http/send-json.htm and get-status-json.htm
"""

import base64
import hmac
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import JsonValue

from providers.openmarket.simulator.drafts import PROVIDER, draft
from providers.openmarket.simulator.errors import BAD_LOG_IN, UNKNOWN_TICKET, OpenMarketError
from providers.openmarket.simulator.receipts import REASONS, status
from simulator.carrier import Carrier
from simulator.dependencies import CarrierDep, get_carrier
from simulator.faults import FaultKind
from simulator.submissions import OwnErrors
from simulator.submissions import submit as sent

ERRORS = OwnErrors(
    refused=lambda code: OpenMarketError(400, code, "The request was refused"),
    too_many_requests=lambda seconds: OpenMarketError(429, 1010, "Too many requests", seconds),
    suspended=lambda: OpenMarketError(403, 432, "The account is blocked"),
    unavailable=lambda: OpenMarketError(503, 1010, "Temporary system error"),
    server_error=lambda: OpenMarketError(500, 1000, "System error"),
    usual_refusal=REASONS[FaultKind.refused],
)


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
    body = await request.body()
    taken = await sent(carrier, lambda: draft(body, carrier, new_ticket()), ERRORS)
    if isinstance(taken, Response):
        return taken
    base = str(request.url).partition("?")[0].rstrip("/")
    return Response(status_code=202, headers={"Location": f"{base}/{taken.sid}"})


@router.get("/{ticket}/status")
async def tell_status(ticket: str, carrier: CarrierDep) -> JSONResponse:
    """Return what became of a text."""
    message = carrier.messages.get(ticket)
    if message is None or message.provider != PROVIDER:
        raise OpenMarketError(404, UNKNOWN_TICKET, "Invalid ticketId")
    body: dict[str, JsonValue] = status(message)
    return JSONResponse(body)


def _is_known(authorization: str, carrier: Carrier) -> bool:
    scheme, _, encoded = authorization.partition(" ")
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return False
    tokens = {carrier.account.auth_token, *(line.auth_token for line in carrier.lines)}
    is_right = any(hmac.compare_digest(password.encode(), token.encode()) for token in tokens)
    return scheme.lower() == "basic" and user == carrier.account.sid and is_right
