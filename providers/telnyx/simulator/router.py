"""The messages resource: send, fetch. And what a brand checks its keys with.

https://developers.telnyx.com/api-reference/messages/send-a-message
"""

import hmac
import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from domain.text.segments import segments
from providers.telnyx.simulator.errors import TelnyxError
from providers.telnyx.simulator.keys import public_key
from providers.telnyx.simulator.resources import MessageResource, resource
from simulator.carrier import Carrier
from simulator.dependencies import CarrierDep, get_carrier
from simulator.messages import Direction, Message, MessageStatus
from simulator.submissions import OwnErrors, submit

PROVIDER = "telnyx"
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
MOST_PARTS = 10
ERRORS = OwnErrors(
    refused=lambda code: TelnyxError(422, code, "The request was refused."),
    too_many_requests=lambda seconds: TelnyxError(429, 10011, "Too many requests", seconds),
    suspended=lambda: TelnyxError(403, 20013, "Account blocked"),
    unavailable=lambda: TelnyxError(503, 10007, "Unexpected error"),
    server_error=lambda: TelnyxError(500, 10007, "Unexpected error"),
)


class MessageRequest(BaseModel):
    """A text to send. What Telnyx requires is checked later, in its own words."""

    to: str = ""
    text: str = ""
    webhook_url: str | None = None
    media_urls: list[str] = []


class MessageAnswer(BaseModel):
    data: MessageResource


def account(request: Request) -> str:
    """Return the token in the header. Raises `TelnyxError` unless it is one of the account's."""
    carrier = get_carrier(request)
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    tokens = {carrier.account.auth_token, *(line.auth_token for line in carrier.lines)}
    known = [one for one in tokens if hmac.compare_digest(one.encode(), key.encode())]
    if scheme.lower() != "bearer" or not known:
        raise TelnyxError(401, 10009, "Authentication failed")
    return known[0]


Account = Annotated[str, Depends(account)]
router = APIRouter(prefix="/v2", tags=["telnyx"], dependencies=[Depends(account)])


@router.post("/messages", response_model=MessageAnswer)
async def send_message(
    request: Request, new: MessageRequest, carrier: CarrierDep
) -> MessageAnswer | Response:
    """Accept a text, unless a fault is planned."""
    sender = str((await request.json()).get("from", ""))
    taken = await submit(carrier, lambda: draft(new, sender, carrier), ERRORS)
    return taken if isinstance(taken, Response) else MessageAnswer(data=resource(taken))


@router.get("/messages/{message_id}")
async def fetch_message(message_id: str, carrier: CarrierDep) -> MessageAnswer:
    """Return one message."""
    message = carrier.messages.get(message_id)
    if message is None:
        raise TelnyxError(404, 10005, "Resource not found")
    return MessageAnswer(data=resource(message))


@router.get("/messaging_profiles")
async def list_profiles() -> dict[str, list[str]]:
    """Return no profiles: a brand only looks whether it may ask."""
    return {"data": []}


@router.get("/public_key")
async def fetch_public_key(token: Account) -> dict[str, dict[str, str]]:
    """Return the key that verifies the account's webhooks."""
    return {"data": {"public": public_key(token), "record_type": "public_key"}}


def draft(new: MessageRequest, sender: str, carrier: Carrier) -> Message:
    """Return the requested message. Raises `TelnyxError` as Telnyx would."""
    if not E164.fullmatch(new.to):
        raise TelnyxError(400, 40310, "Invalid 'to' address")
    line = carrier.lines.get(sender)
    if line is None:
        raise TelnyxError(400, 40305, "Invalid 'from' address")
    if not new.text and not new.media_urls:
        raise TelnyxError(400, 40316, "No content provided for message")
    if (parts := segments(new.text).count) > MOST_PARTS:
        raise TelnyxError(400, 40302, f"The SMS message would be divided into {parts} parts")
    if (line.blocked_sender, new.to) in carrier.blocked:
        raise TelnyxError(409, 40300, "Blocked due to STOP message")
    return Message(
        sid=carrier.networks[PROVIDER].new_id(has_media=bool(new.media_urls)),
        sender=sender,
        recipient=new.to,
        body=new.text,
        direction=Direction.outbound_api,
        status=MessageStatus.queued,
        provider=PROVIDER,
        media=tuple(new.media_urls),
        status_callback=new.webhook_url,
    )
