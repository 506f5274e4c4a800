"""Reports: figures over days, told apart by one thing, and what is behind each number."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.app_state import SessionDep
from api.caller import ManagerDep
from api.list_cursors import read_moment_and_id
from api.problems import documented
from api.schemas.reports import CountedPage, FigureOut, RatingOut, ReportOut
from api.schemas.shared import Cursor, Limit, Page, SlugText, write_cursor
from api.scopes import needs
from database.queries.reports.behind import FactPosition
from domain.errors import NotAllowed
from domain.people.token_scopes import Area, TokenScope
from domain.reporting.kinds import SplitBy
from services.reporting import behind, reports
from services.reporting.behind import BehindQuery
from services.reporting.reports import ReportQuery
from services.reporting.spans import Days

router = APIRouter(
    prefix="/reports",
    tags=["reports"],
    responses=documented(NotAllowed),
    dependencies=[needs(Area.reports)],
)
TELLING = [needs(Area.reports, also=[TokenScope.conversations_read])]
"""Of what shows conversations and what was said in them."""
SOURCE = Query(
    max_length=120,
    pattern=r"^[!-~]*$",
    description="How conversations began, such as text, proactive or source/<id>.",
)


def get_only(
    skill: SlugText | None = None,
    agent: SlugText | None = None,
    team: SlugText | None = None,
    line: SlugText | None = None,
    source: Annotated[str | None, SOURCE] = None,
    label: SlugText | None = None,
) -> Mapping[SplitBy, str]:
    given = {
        SplitBy.skill: skill,
        SplitBy.agent: agent,
        SplitBy.team: team,
        SplitBy.line: line,
        SplitBy.source: source,
        SplitBy.label: label,
    }
    return {by: key for by, key in given.items() if key}


def get_during(
    weekday: Annotated[int | None, Query(ge=1, le=7, description="1 is Monday.")] = None,
    hour: Annotated[int | None, Query(ge=0, le=23, description="Of days.")] = None,
) -> Mapping[SplitBy, int]:
    given = {SplitBy.weekday: weekday, SplitBy.hour: hour}
    return {by: value for by, value in given.items() if value is not None}


ANSWER = "Of nps: promoter, passive or detractor; of resolved: yes or no. Without it, all answers."
OF_ROWS = "Ids of the figures of the rows; without any, all of them."
OnlyDep = Annotated[Mapping[SplitBy, str], Depends(get_only)]
DuringDep = Annotated[Mapping[SplitBy, int], Depends(get_during)]
First = Annotated[date, Query(description="The first day, by the account's clock.")]
Last = Annotated[date, Query(description="The last day.")]


@router.get("/figures")
async def list_figures(caller: ManagerDep) -> list[FigureOut]:
    """List all figures with their definitions."""
    return [FigureOut.model_validate(one) for one in reports.list_figures(caller)]


@router.get("")
async def show_report(
    caller: ManagerDep,
    session: SessionDep,
    only: OnlyDep,
    first: First,
    last: Last,
    by: SplitBy = SplitBy.total,
    compare: Annotated[bool, Query(description="With as many days before.")] = False,
    figure: Annotated[list[str], Query(max_length=60, description=OF_ROWS)] = [],  # noqa: B006 - FastAPI copies it
) -> ReportOut:
    """Show all figures of some days, and rows that are told apart by one thing.

    Figures follow what happens within seconds. They always equal a recount from the events.
    """
    query = ReportQuery(Days(first, last), by, only, compare, figure)
    return ReportOut.of(await reports.read(caller, session, query))


@router.get("/conversations", dependencies=TELLING)
async def list_counted_conversations(
    caller: ManagerDep,
    session: SessionDep,
    only: OnlyDep,
    during: DuringDep,
    figure: Annotated[str, Query(max_length=60, description="An id of GET /v1/reports/figures.")],
    first: First,
    last: Last,
    answer: Annotated[str | None, Query(max_length=20, description=ANSWER)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CountedPage:
    """List the conversations that a figure counts, those that counted last first.

    A manager of teams does not see those that are with other teams now: `hidden` counts them.
    """
    found = await behind.list_conversations(
        caller,
        session,
        BehindQuery(figure, Days(first, last), only, during, answer=answer),
        after=_position(cursor),
        limit=limit + 1,
    )
    return CountedPage.of(found[:limit], _next([one.position for one in found], limit))


@router.get("/ratings", dependencies=TELLING)
async def list_ratings(
    caller: ManagerDep,
    session: SessionDep,
    only: OnlyDep,
    during: DuringDep,
    first: First,
    last: Last,
    satisfied: bool | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[RatingOut]:
    """List ratings with their comments, the latest first."""
    query = BehindQuery("rated", Days(first, last), only, during, satisfied)
    found = await behind.list_ratings(
        caller, session, query, after=_position(cursor), limit=limit + 1
    )
    items = [RatingOut.of(row, position.at) for row, position in found[:limit]]
    return Page(items=items, next=_next([position for _, position in found], limit))


def _position(cursor: str | None) -> FactPosition | None:
    found = read_moment_and_id(cursor)
    return FactPosition(*found) if found else None


def _next(found: list[FactPosition], limit: int) -> str | None:
    if len(found) <= limit:
        return None
    last = found[limit - 1]
    return write_cursor([last.at.isoformat(), str(last.conversation_id)])
