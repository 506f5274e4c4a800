"""Consumers: a list of everybody one may see, searched by name, number, address or field."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.list_cursors import read_moment_and_id
from api.schemas.consumers import ConsumerInList
from api.schemas.shared import page_of
from database.queries.consumer_lists import SeenPosition
from services.looking import consumers as looking
from services.looking.consumers import ConsumerListed
from web.frame import PeoplesFrame
from web.route import PageRoute

LISTED = 50
LONGEST_SEARCH = 100

router = APIRouter(prefix="/consumers", route_class=PageRoute)


@router.get("")
async def show_consumers(
    frame: PeoplesFrame,
    search: Annotated[str, Query()] = "",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    part: Annotated[bool, Query()] = False,
) -> HTMLResponse:
    """List consumers, those who texted last first. `part`: only the rows after the cursor."""
    position = read_moment_and_id(cursor)
    wanted = search[:LONGEST_SEARCH]
    found = await looking.list_consumers(
        frame.caller,
        frame.session,
        wanted,
        after=SeenPosition(*position) if position else None,
        limit=LISTED + 1,
    )
    page = page_of(found, LISTED, ConsumerInList.shown, _position)
    template = "consumers/rows.html" if part else "consumers/list.html"
    return frame.answer(template, consumers=page, search=wanted, is_first=cursor is None)


def _position(one: ConsumerListed) -> list[str]:
    return [one.seen_at.isoformat(), str(one.consumer.id)]
