"""Pictures on phones: added by a consumer, and shown."""

from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Request, Response
from pydantic import BaseModel

from simulator.dependencies import CarrierDep, PhoneNumber
from simulator.pictures import LARGEST

SANDBOX = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}

router = APIRouter(tags=["phones"])


class KeptPicture(BaseModel):
    """A picture that a text can carry. `address`: for `media` of the text."""

    address: str


@router.post("/phones/{number}/pictures", status_code=201)
async def add_picture(
    number: PhoneNumber,  # noqa: ARG001 - part of the address
    request: Request,
    carrier: CarrierDep,
    content_type: Annotated[str, Header()] = "application/octet-stream",
) -> KeptPicture:
    """Keep the picture in the request's body, of any type, to be sent with a text."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > LARGEST:
            raise HTTPException(413, "A picture may have at most 6 MB.")
    path = carrier.pictures.keep(bytes(data), content_type)
    return KeptPicture(address=f"{str(request.base_url).rstrip('/')}{path}")


@router.get("/pictures/{name}")
async def show_picture(name: str, carrier: CarrierDep) -> Response:
    """Return a picture's bytes."""
    found = carrier.pictures.get(f"/pictures/{name}")
    if found is None:
        raise HTTPException(404, "There is no such picture.")
    return Response(found.data, headers={"Content-Type": found.content_type, **SANDBOX})
