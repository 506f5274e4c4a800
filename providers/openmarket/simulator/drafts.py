"""Checks the texts that a brand hands over."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError

from domain.text.limits import OUTGOING, units
from providers.openmarket.simulator.errors import OpenMarketError
from simulator.carrier import Carrier
from simulator.messages import Direction, Message, MessageStatus

PROVIDER = "openmarket"


class Party(BaseModel):
    """A number without its plus sign. `ton`: 1 international, 3 short code, 5 name."""

    address: str
    ton: int | None = None


class Content(BaseModel):
    """The words of a text."""

    content: str
    type: Literal["text"] = "text"


class Delivery(BaseModel):
    """The receipts that the brand wants, and where."""

    receipt_requested: str = Field(default="none", alias="receiptRequested")
    url: str | None = None


class MobileTerminate(BaseModel):
    """A text to a consumer."""

    source: Party | None = None
    destination: Party
    message: Content
    delivery: Delivery | None = None


class Request(BaseModel):
    """The body of a request."""

    text: MobileTerminate = Field(alias="mobileTerminate")


def draft(body: bytes, carrier: Carrier, ticket: str) -> Message:
    """Return the message that a body describes. Raises `OpenMarketError` as OpenMarket would."""
    try:
        text = Request.model_validate_json(body).text
    except ValidationError as error:
        raise OpenMarketError(400, 540, "Malformed request") from error
    return Message(
        sid=ticket,
        sender=_sender(text.source, carrier),
        recipient=_recipient(text.destination.address),
        body=_content(text.message.content),
        direction=Direction.outbound_api,
        status=MessageStatus.queued,
        provider=PROVIDER,
        status_callback=_callback(text.delivery),
    )


def _recipient(written: str) -> str:
    if not written:
        raise OpenMarketError(400, 350, "A destination address is required")
    if not (written.isascii() and written.isdecimal()):
        raise OpenMarketError(400, 349, "Destination address contains non-numeric characters")
    if not 7 <= len(written) <= 15 or written.startswith("0"):
        raise OpenMarketError(400, 351, "Invalid destination address")
    return f"+{written}"


def _sender(source: Party | None, carrier: Carrier) -> str:
    """Return the line that sends: the one that is named, or the first one of the account."""
    own = [line.number for line in carrier.lines if line.provider == PROVIDER]
    if source is None:
        if not own:
            raise OpenMarketError(400, 368, "No source address is provisioned")
        return own[0]
    number = f"+{source.address}" if source.ton == 1 else source.address
    if number not in own:
        raise OpenMarketError(400, 368, "Invalid source address")
    return number


def _content(written: str) -> str:
    if not written:
        raise OpenMarketError(400, 353, "Message text or data is required")
    if units(written) > OUTGOING:
        raise OpenMarketError(400, 355, "Message text is too long")
    return written


def _callback(delivery: Delivery | None) -> str | None:
    if delivery is None or delivery.receipt_requested != "final" or not delivery.url:
        return None
    parts = urlsplit(delivery.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise OpenMarketError(400, 2044, "Invalid URL")
    return delivery.url
