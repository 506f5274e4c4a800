"""All conversations: any filter, any order, and words of their transcripts."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import CallerDep
from api.history_cursors import read_place, written_place
from api.problems import documented
from api.schemas.history import ColumnsOut, HistoryCount, HistoryOut
from api.schemas.shared import Cursor
from api.scopes import needs
from domain.errors import NotAllowed
from domain.people.token_scopes import Area
from services.history import looking
from services.history.filters import HistoryFilters

router = APIRouter(
    prefix="/history", tags=["conversations"], dependencies=[needs(Area.conversations)]
)


class HistoryList(HistoryFilters):
    """Filters and order of the list, and its page."""

    cursor: Cursor = None
    limit: Annotated[int, Query(ge=1, le=100, description="Entries of a page.")] = 50


@router.get("", responses=documented(NotAllowed))
async def list_history(
    caller: CallerDep, session: SessionDep, wanted: Annotated[HistoryList, Query()]
) -> HistoryOut:
    """List all conversations you may see, open and closed, however old.

    Filters are combined: a conversation passes all of them, and one of the values of each. What
    happens is in the list within a second or two. A search that takes too long ends with what it
    has found, and the next page goes on.
    """
    after = read_place(wanted.cursor, wanted.order)
    found = await looking.listed(caller, session, wanted, after=after, limit=wanted.limit)
    return HistoryOut.of(found, written_place(found.following, wanted.order))


@router.get("/count", responses=documented(NotAllowed))
async def count_history(
    caller: CallerDep, session: SessionDep, wanted: Annotated[HistoryFilters, Query()]
) -> HistoryCount:
    """Count the conversations of a list, up to 1000."""
    return HistoryCount(count=await looking.count(caller, session, wanted))


@router.get("/columns")
async def list_history_columns(caller: CallerDep) -> ColumnsOut:
    """List the columns that a page of all conversations can show."""
    return ColumnsOut.of(looking.columns(caller))
