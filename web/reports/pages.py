"""Reports: the page, its table as CSV, and what is behind each number."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse

from api.clock import utc_now
from api.list_cursors import read_moment_and_id
from api.schemas.conversations import ConversationOut
from api.schemas.shared import write_cursor
from database.queries.reports.behind import FactPosition
from domain.errors import Invalid
from domain.reporting.catalogue import FIGURES
from domain.reporting.figures import Figure, Unit
from domain.reporting.kinds import SplitBy
from domain.reporting.local_time import LocalTime
from domain.reporting.periods import Period
from domain.survey.follow_ups import Recommends, Resolved
from services.reporting import behind, choices, exporting, reports
from services.reporting.choices import FILTERS
from services.reporting.exporting import Cell
from services.reporting.reports import Report, ReportQuery
from web import scores
from web.export_links import figures_link
from web.frame import Frame, ManagersFrame
from web.report_names import name_of, named
from web.reports.asked import AddressQuery, Asked, Hours
from web.reports.behind import behind_query
from web.reports.cards import GROUPS, cards
from web.reports.charts import chart
from web.reports.tables import Cell as ShownCell
from web.reports.tables import Table, table
from web.reports.values import MEASURES, Reading, incomplete
from web.route import PageRoute
from web.words import Words, _, said

PERIODS = Words(
    {
        Period.this_day: "Today",
        Period.yesterday: "Yesterday",
        Period.last_7: "Last 7 days",
        Period.last_28: "Last 28 days",
        Period.this_month: "This month",
        Period.last_month: "Last month",
        Period.this_year: "This year",
        Period.own: "Days of my own",
    }
)
APART = Words(
    {
        SplitBy.total: "Nothing",
        SplitBy.skill: "Skill",
        SplitBy.agent: "Agent",
        SplitBy.team: "Team",
        SplitBy.line: "Line",
        SplitBy.source: "Source",
        SplitBy.label: "Label",
        SplitBy.day: "Day",
        SplitBy.month: "Month",
        SplitBy.weekday: "Day of the week",
        SplitBy.hour: "Hour of the day",
    }
)
ANSWERS = Words(
    {
        "": "All",
        Recommends.promoter: "Promoters, 9 and 10",
        Recommends.passive: "Passives, 7 and 8",
        Recommends.detractor: "Detractors, 0 to 6",
        Resolved.yes: "Yes",
        Resolved.no: "No",
    }
)
HOURS = Words({Hours.clock: "By the clock", Hours.worked: "In working hours"})
LISTED = 50

router = APIRouter(prefix="/reports", route_class=PageRoute)


async def get_asked(frame: ManagersFrame, address: AddressQuery) -> Asked:
    clock = LocalTime(ZoneInfo(frame.page.zone))
    return Asked.read(address, clock.day_of(utc_now()))


AskedDep = Annotated[Asked, Depends(get_asked)]
FigureId = Annotated[str, Query(max_length=60)]
Row = Annotated[str, Query(max_length=120, pattern=r"^[!-~]*$")]
Onward = Annotated[str | None, Query(max_length=200)]


@router.get("")
async def show_report(frame: ManagersFrame, asked: AskedDep) -> HTMLResponse:
    """Show a report. What is wrong in its address stands beside the fields of its head."""
    asked, report = await _read(frame, asked)
    shown = await _head(frame, asked)
    if report is None:
        answer = frame.answer("reports/report.html", **shown, report=None)
        answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return answer
    reading = _reading(asked, report)
    made = table(report, asked, reading)
    return frame.answer(
        "reports/report.html",
        **shown,
        report=report,
        before=report.query.days.before if asked.compares else None,
        is_over=report.is_over,
        groups=list(cards(report, asked, reading)),
        titles=GROUPS,
        exports=figures_link(asked.days, asked.by, asked.address.only()),
        table=made,
        chart=chart(made, asked),
        is_empty=not report.total.sums and not report.rows,
        incomplete=incomplete(report.uncounted),
    )


@router.get("/export.csv")
async def export_report(frame: ManagersFrame, asked: AskedDep) -> Response:
    """Download the table as it is shown, with all its rows."""
    asked, report = await _read(frame, asked)
    if report is None:
        raise Invalid(" ".join(asked.problems.values()))
    days = report.query.days
    reading = _reading(asked, report)
    rows = list(_cells(table(report, asked, reading), asked, reading))
    if told := incomplete(report.uncounted):
        rows.append([told])
    written = await exporting.export(
        frame.caller, frame.session, f"{days.first}/{days.last}/{asked.by}", rows
    )
    name = f"report-{days.first}-{days.last}-by-{asked.by}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(written, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/conversations")
async def show_conversations(
    frame: ManagersFrame,
    asked: AskedDep,
    figure: FigureId,
    row: Row = "",
    answer: Annotated[str, Query(max_length=20)] = "",
    cursor: Onward = None,
) -> HTMLResponse:
    """List the conversations that a number of a report counts."""
    query = behind_query(asked, figure, row, answer=answer or None)
    if query is None:
        raise Invalid("These days are not ones that a report can be about.")
    found = await behind.list_conversations(
        frame.caller, frame.session, query, after=_position(cursor), limit=LISTED + 1
    )
    shown = [
        (ConversationOut.of(one.shown), one.position.at) for one in found[:LISTED] if one.shown
    ]
    return frame.answer(
        "reports/conversations.html",
        **await _of_behind(frame, asked, figure, row),
        conversations=shown,
        hidden=len(found[:LISTED]) - len(shown),
        onward=_onward(
            asked, "/conversations", [one.position for one in found], figure, row, answer=answer
        ),
        is_first=cursor is None,
        answer=answer,
        answers=_answers(asked, figure, row),
    )


@router.get("/ratings")
async def show_ratings(
    frame: ManagersFrame,
    asked: AskedDep,
    figure: FigureId = "rated",
    row: Row = "",
    satisfied: bool | None = None,
    cursor: Onward = None,
) -> HTMLResponse:
    """List ratings with their comments, the latest first."""
    query = behind_query(asked, "rated", row, satisfied=satisfied)
    if query is None:
        raise Invalid("These days are not ones that a report can be about.")
    found = await behind.list_ratings(
        frame.caller, frame.session, query, after=_position(cursor), limit=LISTED + 1
    )
    scales = frame.page.names.scales
    more: dict[str, object] = {"satisfied": satisfied}
    positions = [position for _row, position in found]
    return frame.answer(
        "reports/ratings.html",
        **await _of_behind(frame, asked, figure, row),
        ratings=[
            (one, position.at, scores.score(one.survey_score or 0, one.survey_scale, scales))
            for one, position in found[:LISTED]
        ],
        satisfied=satisfied,
        kinds=[
            (kind, asked.link("/ratings", figure=figure, row=row, satisfied=kind))
            for kind in (None, True, False)
        ],
        onward=_onward(asked, "/ratings", positions, figure, row, **more),
        is_first=cursor is None,
    )


async def _read(frame: Frame, asked: Asked) -> tuple[Asked, Report | None]:
    """Return a report, or what is asked for with what is wrong with it."""
    query = asked.query()
    if query is None:
        return asked, None
    try:
        return asked, await reports.read(frame.caller, frame.session, query)
    except Invalid as error:
        return replace(asked, problems={_field(query): said(error.detail)}), None


def _field(query: ReportQuery) -> str:
    """Return which field a report is refused for: too many rows, or too many days."""
    return "by" if query.by is SplitBy.day and query.days.count > reports.MOST_DAYS else "period"


def _reading(asked: Asked, report: Report) -> Reading:
    currencies = FIGURES["cost"].details(report.total.sums)
    only = next(iter(currencies)) if len(currencies) == 1 else None
    return Reading(asked.address.measure, asked.is_worked, only)


async def _head(frame: Frame, asked: Asked) -> dict[str, object]:
    """Return what the head of a report is made of."""
    known = await choices.load_choices(frame.caller, frame.session)
    only = asked.address.only()
    filters = [(by, APART[by], only.get(by, ""), named(by, known[by], only)) for by in FILTERS]
    return {
        "asked": asked,
        "periods": list(PERIODS.items()),
        "apart": list(APART.items()),
        "filters": filters,
        "chosen": [(label, dict(options)[key]) for _by, label, key, options in filters if key],
        "measures": list(MEASURES.items()),
        "hours": list(HOURS.items()),
        "figures": FIGURES,
        "by_name": APART[asked.by],
    }


async def _of_behind(frame: Frame, asked: Asked, figure: str, row: str) -> dict[str, object]:
    """Return what stands over a list behind a number: its figure, its row, its days."""
    known = await choices.load_choices(frame.caller, frame.session)
    name = known.get(asked.by, {}).get(row, row)
    only = asked.address.only()
    limits = [(APART[by], name_of(by, key, known[by].get(key, key))) for by, key in only.items()]
    return {
        "asked": asked,
        "figure": FIGURES[figure] if figure in FIGURES else FIGURES["rated"],
        "row": name_of(asked.by, row, name) if row else "",
        "limits": limits,
        "back": asked.link(),
    }


def _answers(asked: Asked, figure: str, row: str) -> Sequence[tuple[str, str, str]]:
    """Return the answers that a figure counts, in words, each with where it is listed alone."""
    answers = FIGURES[figure].answers
    return [
        (one, ANSWERS[one], asked.link("/conversations", figure=figure, row=row, answer=one))
        for one in ("", *answers)
        if answers
    ]


def _position(cursor: str | None) -> FactPosition | None:
    found = read_moment_and_id(cursor)
    return FactPosition(*found) if found else None


def _onward(
    asked: Asked,
    path: str,
    found: Sequence[FactPosition],
    figure: str,
    row: str,
    **more: object,
) -> str | None:
    """Return the address of the following page, None where there is none."""
    if len(found) <= LISTED:
        return None
    last = found[LISTED - 1]
    cursor = write_cursor([last.at.isoformat(), str(last.conversation_id)])
    return asked.link(path, figure=figure, row=row, cursor=cursor, **more)


def _cells(made: Table, asked: Asked, reading: Reading) -> Iterator[Sequence[Cell]]:
    """Yield the rows of the CSV: a heading, all rows, and everything together."""
    figures = [one.figure for one in made.columns]
    yield [APART[asked.by], *(_heading(one, asked, reading) for one in figures)]
    for line in (*made.rows, made.total):
        cells = zip(figures, line.cells, strict=True)
        is_last = line is made.total
        yield [_("All together") if is_last else line.name, *(_cell(*one) for one in cells)]


def _cell(figure: Figure, cell: ShownCell) -> Cell:
    """Return a value; words where there are several currencies."""
    is_several = figure.unit is Unit.money and cell.value is None
    return cell.shown if is_several else cell.value


def _heading(one: Figure, asked: Asked, reading: Reading) -> str:
    if one.unit is Unit.time:
        named = {"figure": said(one.name), "measure": MEASURES[asked.address.measure]}
        if reading.is_worked and one.has_hours:
            return _("{figure}, {measure}, in seconds of working hours", **named)
        return _("{figure}, {measure}, in seconds", **named)
    if one.unit is Unit.money and reading.currency:
        return _("{figure}, in {currency}", figure=said(one.name), currency=reading.currency)
    if one.unit is Unit.percent:
        return _("{figure}, in percent", figure=said(one.name))
    return said(one.name)
