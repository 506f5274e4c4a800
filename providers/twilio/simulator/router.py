"""The messages resource: create, list, fetch.

https://www.twilio.com/docs/messaging/api/message-resource
"""

import base64
import binascii
import hmac

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from providers.twilio.simulator.drafts import draft
from providers.twilio.simulator.errors import TwilioError
from providers.twilio.simulator.forms import API_VERSION
from providers.twilio.simulator.listing import filters_of, page_of
from providers.twilio.simulator.resources import (
    MediaPageResource,
    MessageResource,
    PageResource,
    media_page,
    media_sid,
    resource,
)
from simulator.carrier import Carrier
from simulator.dependencies import CarrierDep, get_carrier
from simulator.messages import Message
from simulator.submissions import OwnErrors, submit

ERRORS = OwnErrors(
    refused=lambda code: TwilioError(400, code, "The request was refused."),
    too_many_requests=lambda seconds: TwilioError(429, 20429, "Too Many Requests", seconds),
    suspended=lambda: TwilioError(403, 20005, "Account not active"),
    unavailable=lambda: TwilioError(503, 20503, "Service unavailable"),
    server_error=lambda: TwilioError(500, 20500, "An internal server error has occurred"),
)


def check_known(request: Request) -> None:
    """Raise `TwilioError` unless Basic auth holds the account's SID and one of its tokens."""
    sid, secret = _named(request)
    tokens = get_carrier(request).tokens_of(sid)
    if not any(hmac.compare_digest(secret.encode(), token.encode()) for token in tokens):
        raise TwilioError(401, 20003, "Authenticate")


def asking(request: Request) -> str:
    """Return which account asks: empty for the first one, as lines and messages have it."""
    sid = _named(request)[0]
    return sid if sid in get_carrier(request).others else ""


def authenticate(account_sid: str, request: Request) -> None:
    """Raise `TwilioError` unless the account is asked for by its own secret."""
    check_known(request)
    if account_sid != _named(request)[0]:
        raise TwilioError(404, 20404, f"The requested resource {request.url.path} was not found")


def check_active(request: Request) -> None:
    """Raise `TwilioError` unless the account is active."""
    if get_carrier(request).standing_of(asking(request)).status != "active":
        raise TwilioError(403, 20005, "Account not active")


router = APIRouter(
    prefix=f"/{API_VERSION}/Accounts/{{account_sid}}",
    tags=["twilio"],
    dependencies=[Depends(authenticate), Depends(check_active)],
)


@router.post("/Messages.json", status_code=201, response_model=MessageResource)
async def create_message(request: Request, carrier: CarrierDep) -> MessageResource | Response:
    """Accept a text, unless a fault is planned."""
    form, account = await request.form(), asking(request)
    taken = await submit(carrier, lambda: draft(form, carrier, account), ERRORS)
    return taken if isinstance(taken, Response) else resource(taken, _named(request)[0])


@router.get("/Messages.json")
async def list_messages(request: Request, carrier: CarrierDep) -> PageResource:
    """Return the messages that match, newest first, a page at a time."""
    query = request.query_params
    filters, account = filters_of(query), asking(request)
    found = carrier.messages.newest_first(lambda one: one.account == account and filters.match(one))
    return page_of(found, query, request.url.path, _named(request)[0])


@router.get("/Messages/{sid}.json")
async def fetch_message(sid: str, request: Request, carrier: CarrierDep) -> MessageResource:
    """Return one message."""
    return resource(_found(sid, request, carrier), _named(request)[0])


@router.get("/Messages/{sid}/Media.json")
async def list_media(sid: str, request: Request, carrier: CarrierDep) -> MediaPageResource:
    """Return the media of a message."""
    return media_page(_found(sid, request, carrier), _named(request)[0])


@router.get("/Messages/{sid}/Media/{file}")
async def fetch_media(
    sid: str, file: str, request: Request, carrier: CarrierDep
) -> RedirectResponse:
    """Redirect to the file, as Twilio does."""
    for url in _found(sid, request, carrier).media:
        if media_sid(url) == file:
            return RedirectResponse(url)
    raise TwilioError(404, 20404, f"The requested resource {request.url.path} was not found")


def _found(sid: str, request: Request, carrier: Carrier) -> Message:
    message = carrier.messages.get(sid)
    if message is None or message.account != asking(request):
        raise TwilioError(404, 20404, f"The requested resource {request.url.path} was not found")
    return message


def _named(request: Request) -> tuple[str, str]:
    """Return who asks by Basic auth, and their secret; nobody where the header is none."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ("", "")
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ("", "")
    return (user, password)
