"""From a number of a report to the conversations behind it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from domain.reporting.figures import Figure
from domain.reporting.kinds import SplitBy
from domain.reporting.months import following_month
from services.reporting.behind import BehindQuery
from services.reporting.spans import DAY
from web.reports.asked import Asked

RATINGS = frozenset({"csat", "mean_rating", "rated", "answer_rate"})
"""Figures behind which ratings are listed, with their comments."""
OF_ANSWERS = frozenset({"csat", "mean_rating", "nps", "resolved"})
"""Figures that may be 0 although there are answers."""
OF_TIMES: Mapping[SplitBy, range] = {SplitBy.weekday: range(1, 8), SplitBy.hour: range(24)}
"""The rows that there are; 1 is Monday."""


def link_behind(asked: Asked, figure: Figure, value: float | None, row: str | None) -> str | None:
    """Return where the conversations behind a number are listed; None where there are none.

    `row`: the key of its row; None for everything together.
    """
    is_nothing = value is None or (not value and figure.id not in OF_ANSWERS)
    if is_nothing or not figure.has_conversations:
        return None
    path = "/ratings" if figure.id in RATINGS else "/conversations"
    return asked.link(path, figure=figure.id, row=row or "")


def behind_query(
    asked: Asked, figure: str, row: str, *, satisfied: bool | None = None, answer: str | None = None
) -> BehindQuery | None:
    """Return what is behind a number of a report; None where its days or its row are wrong."""
    found = _of_row(asked, figure, row)
    return replace(found, satisfied=satisfied, answer=answer) if found else None


def _of_row(asked: Asked, figure: str, row: str) -> BehindQuery | None:
    days, only = asked.days, dict(asked.address.only())
    during: Mapping[SplitBy, int] = {}
    if days is None or not row:
        return None if days is None else BehindQuery(figure, days, only)
    try:
        match asked.by:
            case SplitBy.day:
                days = days.within(day := date.fromisoformat(row), day)
            case SplitBy.month:
                month = date.fromisoformat(f"{row}-01")
                days = days.within(month, following_month(month) - DAY)
            case SplitBy.weekday | SplitBy.hour as by:
                if int(row) not in OF_TIMES[by]:
                    return None
                during = {by: int(row)}
            case SplitBy.total:
                pass
            case by:
                only[by] = row
    except (ValueError, OverflowError):  # as the month after the last of the calendar is
        return None
    return BehindQuery(figure, days, only, during) if days else None
