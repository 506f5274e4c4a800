"""Figures in words: their values, and how these changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.numbers import format_currency, format_decimal

from domain.reporting.catalogue import BETTER
from domain.reporting.figures import Figure, Unit, Wanted
from domain.reporting.sums import Measured, Sums
from translations.reader import reader
from web import durations
from web.reports.asked import Measure
from web.words import Words, _, n, number

MEASURES = Words(
    {
        Measure.median: "Median",
        Measure.mean: "Mean",
        Measure.ninety: "Nine of ten within",
        Measure.longest: "Longest",
    }
)
MINUTE, HOUR, DAY = 60, 3600, 86_400
COUNTS_UP = (Unit.number, Unit.hours, Unit.money)
"""What has more of it the longer the time is."""
SAME = 0.005
"""A change of less than half a percent is none. Ours."""


@dataclass(frozen=True)
class Change:
    """How a value stands to that of the time before. `words`: whole. `verdict`: better, worse."""

    words: str
    sign: str
    verdict: str | None = None


@dataclass(frozen=True)
class Reading:
    """How figures are read: which of their times, and in which hours."""

    measure: Measure = Measure.median
    is_worked: bool = False
    currency: str | None = None
    """The only one of the report; None: amounts cannot be compared."""

    def of(self, figure: Figure, sums: Sums, seconds: float) -> float | None:
        """Return a figure's value: seconds of a time; None where there is nothing to say."""
        if figure.unit is Unit.money:
            return figure.details(sums).get(self.currency or "")
        if figure.unit is not Unit.time:
            return figure.value(sums, seconds=seconds)
        return self.time(figure, sums, self.measure)

    def words(self, figure: Figure, sums: Sums, value: float | None) -> str:
        """Return a value as people read it: of money, each currency."""
        if figure.unit is Unit.money:
            return ", ".join(words for _name, words in details(figure, sums)) or shown(figure, None)
        return shown(figure, value)

    def time(self, figure: Figure, sums: Sums, measure: Measure) -> float | None:
        """Return one of a figure's times in seconds; None without any."""
        found = figure.part.of(sums)
        measured = found.worked if self.is_worked and figure.has_hours else found.clock
        return _time(measured, found.times, measure) if found.times else None


def _time(measured: Measured, times: int, measure: Measure) -> float | None:
    match measure:
        case Measure.median:
            return measured.share(0.5)
        case Measure.ninety:
            return measured.share(0.9)
        case Measure.mean:
            return measured.total / times
        case Measure.longest:
            return measured.most


def shown(figure: Figure, value: float | None) -> str:
    """Return a value as people read it; a dash where there is none."""
    if value is None:
        return "–"
    match figure.unit:
        case Unit.number:
            return number(round(value))
        case Unit.percent:
            return _("{number}%", number=_decimal(value, "#,##0.#"))
        case Unit.time:
            return time_shown(value)
        case Unit.ratio:
            return _decimal(value, "#,##0.##")
        case Unit.score:
            return _decimal(value, "+#,##0;-#,##0")
        case Unit.hours:
            return _("{count} h", count=_decimal(value, "#,##0.#"))
        case Unit.money:
            return _decimal(value, "#,##0.00")


def details(figure: Figure, sums: Sums) -> Sequence[tuple[str, str]]:
    """Return a figure by the details of its facts: their names, and values as people read them."""
    found = figure.details(sums)
    if figure.unit is Unit.money:
        language = reader().language
        return [(key, format_currency(value, key, locale=language)) for key, value in found.items()]
    return [(key or _("Without a reason"), shown(figure, value)) for key, value in found.items()]


def time_shown(seconds: float) -> str:
    """Return a time in its two largest units: `1 h 20 min`."""
    if seconds < HOUR:
        return durations.to_text(round(seconds))
    unit = MINUTE if seconds < DAY else HOUR
    return durations.to_text(round(seconds / unit) * unit)


def _decimal(value: float, pattern: str) -> str:
    return format_decimal(value, pattern, locale=reader().language)


def change(
    figure: Figure, value: float | None, before: float | None, *, is_over: bool
) -> Change | None:
    """Return how a value stands to the one before; None where there was none, or never any.

    `is_over`: the time is. Until then, what counts up is neither better nor worse than before.
    """
    if value is None or before is None or not (value or before):
        return None
    difference = value - before
    if abs(difference) <= abs(before) * SAME or shown(figure, value) == shown(figure, before):
        return Change(_("as before"), "=")
    words = _by_how_much(figure, difference, before)
    is_like_before = is_over or figure.unit not in COUNTS_UP
    wanted = BETTER.get(figure.id) if before and is_like_before else None
    is_better = None if wanted is None else (difference > 0) is (wanted is Wanted.more)
    verdict = {None: None, True: "better", False: "worse"}[is_better]
    return Change(words, "▲" if difference > 0 else "▼", verdict)


def _by_how_much(figure: Figure, difference: float, before: float) -> str:
    size, is_more = abs(difference), difference > 0
    if figure.unit in (Unit.percent, Unit.score):
        points = _decimal(size, "#,##0.#")
        more, less = (
            _("{points} points more", points=points),
            _("{points} points less", points=points),
        )
        return more if is_more else less
    if not before:
        return _("none before")
    percent = _decimal(100 * size / abs(before), "#,##0")
    if figure.unit is Unit.time:
        longer, shorter = (
            _("{percent}% longer", percent=percent),
            _("{percent}% shorter", percent=percent),
        )
        return longer if is_more else shorter
    more, less = _("{percent}% more", percent=percent), _("{percent}% less", percent=percent)
    return more if is_more else less


def incomplete(days: int) -> str | None:
    """Return what to say of a report whose days are being counted anew; None where none are."""
    if not days:
        return None
    return n(
        "{n} day is being counted anew. Until then, numbers lack what happened on it.",
        "{n} days are being counted anew. Until then, numbers lack what happened on them.",
        days,
    )
