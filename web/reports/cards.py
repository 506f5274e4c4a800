"""The figures of all conversations together, group by group."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.reporting.catalogue import figures_of
from domain.reporting.figures import Figure, Group, Unit
from services.reporting.reports import Report
from web.reports.asked import Asked, Measure
from web.reports.behind import link_behind
from web.reports.values import MEASURES, Change, Reading, change, details, time_shown
from web.words import Words

GROUPS = Words(
    {
        Group.volume: "Volume",
        Group.speed: "Speed",
        Group.satisfaction: "Satisfaction",
        Group.texts: "Texts",
        Group.people: "People",
    }
)
LARGE = frozenset(
    {
        *("opened", "closed", "handled", "abandoned_rate", "active_consumers"),
        *("first_response_time", "response_time", "in_time", "assignment_wait"),
        *("csat", "rated", "answer_rate"),
        *("texts_in", "texts_out", "delivered", "opt_outs", "cost"),
        *("online_hours", "closed_per_online_hour", "load"),
    }
)
"""Figures that stand first and large."""


@dataclass(frozen=True)
class Card:
    """A figure of everything together. `times`: its other times in words, each with its name; of
    others, what it is made of.

    `behind`: where its conversations are listed, None for none.
    """

    figure: Figure
    value: str
    before: str | None
    change: Change | None
    times: Sequence[tuple[str, str]]
    behind: str | None
    chart: str


@dataclass(frozen=True)
class Cards:
    """The figures of a group: a few large ones, others, and what is asked for now and then."""

    group: Group
    large: Sequence[Card]
    small: Sequence[Card]
    rare: Sequence[Card]


def cards(report: Report, asked: Asked, reading: Reading) -> Iterator[Cards]:
    """Yield all figures of a report, group by group."""
    for group in Group:
        made = [_card(one, report, asked, reading) for one in figures_of(group)]
        large = [one for one in made if one.figure.id in LARGE]
        others = [one for one in made if one.figure.id not in LARGE]
        small = [one for one in others if not one.figure.is_rare]
        yield Cards(group, large, small, [one for one in others if one.figure.is_rare])


def _card(figure: Figure, report: Report, asked: Asked, reading: Reading) -> Card:
    sums, earlier = report.total.sums, report.total.before
    value = reading.of(figure, sums, report.seconds)
    before = None if earlier is None else reading.of(figure, earlier, report.seconds_before)
    return Card(
        figure,
        reading.words(figure, sums, value),
        None if earlier is None else reading.words(figure, earlier, before),
        change(figure, value, before, is_over=report.is_over),
        list(_times(figure, report, reading)),
        link_behind(asked, figure, value, None),
        asked.link(chart=figure.id) + "#chart",
    )


def _times(figure: Figure, report: Report, reading: Reading) -> Iterator[tuple[str, str]]:
    if figure.tells_details:
        yield from details(figure, report.total.sums)
    if figure.unit is not Unit.time:
        return
    for measure in Measure:
        value = reading.time(figure, report.total.sums, measure)
        if value is not None:
            yield MEASURES[measure], time_shown(value)
