"""Phones: text the brand, see what is on the phone, follow it."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field

from simulator.dependencies import CarrierDep, PhoneNumber
from simulator.phones import PhoneText

router = APIRouter(prefix="/phones/{number}", tags=["phones"])


class NewText(BaseModel):
    """A text to the brand's line `to`. `media`: addresses of pictures."""

    model_config = ConfigDict(extra="forbid")

    to: str
    body: str = Field(default="", max_length=10_000)
    media: list[str] = Field(default_factory=list, max_length=10)


class SentText(BaseModel):
    """What became of a text: the brand's answer was a success, its status, tries made."""

    id: int
    sid: str
    was_accepted: bool
    status: int | None
    attempts: int


@router.post("/texts", status_code=201)
async def text_the_brand(number: PhoneNumber, new: NewText, carrier: CarrierDep) -> SentText:
    """Text a line and say whether the brand's webhook took it."""
    line = carrier.lines.get(new.to)
    if line is None:
        raise HTTPException(404, f"No line has the number {new.to}.")
    if not new.body and not new.media:
        raise HTTPException(422, "A text needs words or a picture.")
    texted = await carrier.text(number, line, new.body, tuple(new.media))
    return SentText(
        id=texted.shown.id,
        sid=texted.message.sid,
        was_accepted=texted.answer.is_success,
        status=texted.answer.status,
        attempts=texted.answer.attempts,
    )


@router.get("/messages")
async def what_is_on_the_phone(number: PhoneNumber, carrier: CarrierDep) -> list[PhoneText]:
    """Return every text on the phone, oldest first."""
    return carrier.phones.texts(number)


@router.get("/stream", response_class=EventSourceResponse)
async def follow_the_phone(
    number: PhoneNumber,
    carrier: CarrierDep,
    after: Annotated[int, Query(ge=0, description="Begin after this text.")] = 0,
    last_event_id: Annotated[int | None, Header(ge=0)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Stream what is on the phone, from the beginning or after the last event seen."""
    async for text in carrier.phones.follow(number, last_event_id or after):
        yield ServerSentEvent(event="text", id=str(text.id), data=text)
