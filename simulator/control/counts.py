"""Counts: how many texts of the brand are on how many phones."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from simulator.dependencies import CarrierDep
from simulator.messages import Direction
from simulator.phones import Author

router = APIRouter(prefix="/counts", tags=["phones"])


class Counts(BaseModel):
    """Phones with texts of the brand, by how many they have; and messages it gave the carrier."""

    phones: dict[int, int]
    messages: dict[int, int]


@router.get("")
async def count_texts(
    carrier: CarrierDep,
    prefix: Annotated[str, Query(max_length=16, description="Of the phones' numbers.")] = "",
) -> Counts:
    """Count phones by the texts they have, and by the messages that the carrier took for them."""
    outgoing = carrier.messages.newest_first(lambda one: one.direction is Direction.outbound_api)
    taken = Counter(message.recipient for message in outgoing)
    shown = carrier.phones.counted(Author.brand)
    return Counts(phones=_by_number(shown, prefix), messages=_by_number(taken, prefix))


def _by_number(counted: Counter[str], prefix: str) -> dict[int, int]:
    return dict(Counter(count for phone, count in counted.items() if phone.startswith(prefix)))
