"""Reports: figures, and the conversations behind them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Self
from uuid import UUID

from api.schemas.conversations import ConversationOut
from api.schemas.shared import Answer
from database.tables import Conversation
from domain.reporting.catalogue import FIGURES
from domain.reporting.figures import Figure, Group, Unit
from domain.reporting.kinds import SplitBy
from domain.reporting.sums import Measured, Sums
from services.reporting.behind import Counted
from services.reporting.reports import Report, ReportRow

Figures = Sequence[Figure]


class FigureOut(Answer):
    """A figure and its definition. `has_conversations`: those behind it can be listed."""

    id: str
    name: str
    says: str
    group: Group
    unit: Unit
    has_conversations: bool


class TimesOut(Answer):
    """Times in seconds; null without any. `median` and `ninety` (nine of ten are shorter) are right
    to one and a half percent, the others exact.
    """

    mean: float | None
    median: int | None
    ninety: int | None
    longest: int | None

    @classmethod
    def of(cls, measured: Measured, times: int) -> Self:
        if not times:
            return cls(mean=None, median=None, ninety=None, longest=None)
        return cls(
            mean=round(measured.total / times, 1),
            median=measured.share(0.5),
            ninety=measured.share(0.9),
            longest=measured.most,
        )


class MeasuredOut(Answer):
    """What was measured. `times`: how often. `worked`: in working hours alone, as they were set
    then; null where a figure is by the clock.
    """

    times: int
    clock: TimesOut
    worked: TimesOut | None


class ReportRowOut(Answer):
    """A row: its figures by id. A number is null where there was nothing to count it from."""

    key: str
    name: str
    numbers: dict[str, float | None]
    details: dict[str, dict[str, float]]
    """Hours by reason, and amounts by currency, of the figures that have them."""
    measured: dict[str, MeasuredOut]
    numbers_before: dict[str, float | None] | None
    measured_before: dict[str, MeasuredOut] | None

    @classmethod
    def of(cls, row: ReportRow, figures: Figures, seconds: float, before: float) -> Self:
        """Return a row with some figures. `seconds` and `before`: how long the times were."""
        earlier = row.before
        return cls(
            key=row.key,
            name=row.name,
            numbers=_numbers(figures, row.sums, seconds),
            details=_details(figures, row.sums),
            measured=_measured(figures, row.sums),
            numbers_before=None if earlier is None else _numbers(figures, earlier, before),
            measured_before=None if earlier is None else _measured(figures, earlier),
        )


class ReportOut(Answer):
    """A report. Days and hours are of `time_zone`. `total`: of all rows together, in which nothing
    counts twice. `days_uncounted`: so many days before today, of these and those before, are being
    counted anew, as all are when the time zone has changed; until then numbers lack what they had.
    `is_over`: all of these days have passed; if not, those before have had more time, so that what
    is counted compares with nothing yet.
    """

    first: date
    last: date
    time_zone: str
    by: SplitBy
    at: datetime
    days_uncounted: int
    is_over: bool
    rows: list[ReportRowOut]
    total: ReportRowOut

    @classmethod
    def of(cls, report: Report) -> Self:
        days, wanted = report.query.days, report.query.wanted
        every = list(FIGURES.values())
        return cls(
            first=days.first,
            last=days.last,
            time_zone=report.zone,
            by=report.query.by,
            at=report.at,
            days_uncounted=report.uncounted,
            is_over=report.is_over,
            rows=[
                ReportRowOut.of(row, wanted, report.seconds_of(row), report.seconds_before_of(row))
                for row in report.rows
            ],
            total=ReportRowOut.of(report.total, every, report.seconds, report.seconds_before),
        )


class CountedOut(Answer):
    """A conversation that a figure counts, and when it did last."""

    at: datetime
    conversation: ConversationOut


class CountedPage(Answer):
    """A page. `next`: the `cursor` of the next page, null at the end.

    `hidden`: so many more of this page count, too. They are with other teams now, so that `items`
    lacks them for a manager of teams.
    """

    items: list[CountedOut]
    hidden: int
    next: str | None

    @classmethod
    def of(cls, counted: Sequence[Counted], following: str | None) -> Self:
        items = [
            CountedOut(at=one.position.at, conversation=ConversationOut.of(one.shown))
            for one in counted
            if one.shown
        ]
        return cls(items=items, hidden=len(counted) - len(items), next=following)


class RatingOut(Answer):
    """A rating. `comment`: what the consumer wrote beside the score, null for nothing."""

    conversation_id: UUID
    at: datetime
    skill_id: str | None
    agent_id: str | None
    score: int | None
    scale: str | None
    satisfied: bool | None
    comment: str | None

    @classmethod
    def of(cls, row: Conversation, at: datetime) -> Self:
        return cls(
            conversation_id=row.id,
            at=at,
            skill_id=row.survey_skill_id,
            agent_id=row.survey_agent_id,
            score=row.survey_score,
            scale=row.survey_scale,
            satisfied=row.survey_satisfied,
            comment=row.survey_comment,
        )


def _is_time(figure: Figure) -> bool:
    return figure.unit is Unit.time


def _numbers(figures: Figures, sums: Sums, seconds: float) -> dict[str, float | None]:
    found: Mapping[str, float | None] = {
        one.id: one.value(sums, seconds=seconds) for one in figures if not _is_time(one)
    }
    return {key: value if value is None else round(value, 2) for key, value in found.items()}


def _details(figures: Figures, sums: Sums) -> dict[str, dict[str, float]]:
    told = {one.id: one.details(sums) for one in figures if one.tells_details}
    return {
        id_: {key: round(value, 6) for key, value in details.items()}
        for id_, details in told.items()
        if details
    }


def _measured(figures: Figures, sums: Sums) -> dict[str, MeasuredOut]:
    parts = {one.id: one.part.of(sums) for one in figures if _is_time(one)}
    return {
        key: MeasuredOut(
            times=part.times,
            clock=TimesOut.of(part.clock, part.times),
            worked=TimesOut.of(part.worked, part.times) if FIGURES[key].has_hours else None,
        )
        for key, part in parts.items()
    }
