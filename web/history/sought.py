"""What an address of the page asks for: read into filters, and written as other addresses.

Filters are named in the address as in the API. Only what people write otherwise differs: days
instead of moments, by the account's clock, minutes instead of seconds, a field of each of the
account's own fields.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from domain.errors import DomainError, Invalid, NumberInvalid
from domain.numbers.phone_numbers import key_of
from domain.searching.numbers import FEWEST_DIGITS, number_in, with_plus
from services.history.columns import COLUMNS, Column
from services.history.filters import LONGEST_SECONDS, HistoryFilters
from web.forms import FieldsInvalid, Problem, parse
from web.history.wording import FILTERS
from web.words import _, number, said

PATH = "/conversations"
OWN_FIELD = "field."
"""In front of the key of an account's own field of consumers."""
DAYS = tuple(
    f"{what}_{end}" for what in ("opened", "closed", "last_message") for end in ("from", "until")
)
MINUTES = tuple(
    f"{what}_{end}" for what in ("duration", "first_response") for end in ("from", "to")
)
NUMBERS = ("number", "number_part")
SEVERAL = "conversation"
"""A filter with one field for all its values."""
PAIRS = (
    ("opened_from", "opened_until"),
    ("closed_from", "closed_until"),
    ("last_message_from", "last_message_until"),
    ("duration_from", "duration_to"),
    ("first_response_from", "first_response_to"),
)
LISTS = frozenset(
    {
        "status",
        "skill",
        "agent",
        "took_part",
        "team",
        "line",
        "source",
        "origin",
        "origin_id",
        "conversation",
        "close_reason",
        "closing_reason",
        "survey",
        "score",
        "nps",
        "nps_group",
        "label",
        "language",
        "priority",
        "response",
        "field",
    }
)
ORDER = ("sort", "direction")
PLACE = frozenset({"cursor", "back", "open"})
"""Where one is in a list. Other filters begin another list."""
KEPT = frozenset({*ORDER, "column", "view"})
"""What is no filter, and stays when filters change."""
MOST_BACK = 20
"""Pages to go back by. Ours: beyond that one begins anew."""
SECONDS = 60

Pair = tuple[str, str]


@dataclass(frozen=True)
class Sought:
    """The parameters of an address, those that are known and not empty, in their order."""

    params: Sequence[Pair]
    zone: str

    @classmethod
    def of(cls, params: Iterable[Pair], zone: str) -> "Sought":
        """Read parameters; what is not known is passed over."""
        known = HistoryFilters.model_fields.keys() | KEPT | PLACE
        given = [
            (name, one)
            for name, value in params
            if name in known or name.startswith(OWN_FIELD)
            for one in _each(name, value)
        ]
        return cls(list(dict.fromkeys(_read_api_fields(given))), zone)

    @classmethod
    def kept(cls, filters: HistoryFilters, columns: Sequence[Column], zone: str) -> "Sought":
        """Return the parameters that ask for kept filters and columns."""
        found = [
            pair
            for name, value in filters.model_dump(exclude_defaults=True).items()
            for pair in _written(name, value, zone)
        ]
        return cls([*_read_api_fields(found), *(("column", str(one)) for one in columns)], zone)

    def get(self, name: str) -> str:
        """Return the last value of a parameter, empty without one."""
        return next((value for key, value in reversed(self.params) if key == name), "")

    def in_field(self, name: str) -> str:
        """Return a day, or a moment by the account's clock, as its field of a form holds it."""
        value = self.get(name)
        try:
            return _by_clock(datetime.fromisoformat(value), self.zone) if "T" in value else value
        except (ValueError, OverflowError):
            return value

    def every(self, name: str) -> list[str]:
        """Return all values of a parameter."""
        return [value for key, value in self.params if key == name]

    @property
    def chosen(self) -> list[Pair]:
        """Return the filters that are set."""
        return [pair for pair in self.params if pair[0] not in KEPT | PLACE]

    @property
    def columns(self) -> list[Column]:
        """Return the columns to show, in the usual order."""
        wanted = set(self.every("column")) & {str(one) for one in Column}
        return [one.column for one in COLUMNS if one.column in wanted] or self.usual

    @property
    def usual(self) -> list[Column]:
        """Return the columns that are shown unless somebody chose others."""
        return [one.column for one in COLUMNS if one.is_usual]

    def filters(self) -> HistoryFilters:
        """Return the filters. Raises `FieldsInvalid`, which names every wrong field."""
        values, problems = self._values()
        try:
            found = parse(HistoryFilters, values, FILTERS)
        except FieldsInvalid as error:
            raise FieldsInvalid([*problems, *error.problems]) from error
        problems += _reversed(found) + _wrong_numbers(found)
        if problems:
            raise FieldsInvalid(problems)
        return found

    def _values(self) -> tuple[dict[str, object], list[Problem]]:
        own = [(name.removeprefix(OWN_FIELD), value) for name, value in self.params]
        fields = [f"{key}:{value}" for key, value in own if f"{OWN_FIELD}{key}" in self._names]
        values: dict[str, object] = {"field": fields}
        problems: list[Problem] = []
        for name in self._names & HistoryFilters.model_fields.keys():
            try:
                values[name] = self._value(name)
            except Invalid as error:
                problems.append(Problem.of(name, FILTERS[name], said(error.detail)))
        return values, problems

    @property
    def _names(self) -> set[str]:
        return {name for name, _value in self.params}

    def _value(self, name: str) -> object:
        if name in LISTS:
            return self.every(name)
        value = self.get(name)
        if name in DAYS:
            return _moment(value, self.zone, is_end=name.endswith("until"))
        return _seconds(value) if name in MINUTES else value

    def address(self, *without: str, **more: str | None) -> str:
        """Return the address of the page with other parameters. None takes one off."""
        return f"{PATH}?{query}" if (query := self.query(*without, **more)) else PATH

    def query(self, *without: str, **more: str | None) -> str:
        """Return the parameters as they stand in an address."""
        gone = {*without, *more}
        kept = [pair for pair in self.params if pair[0] not in gone]
        return urlencode(
            [*kept, *((key, value) for key, value in more.items() if value is not None)]
        )

    def without(self, name: str, value: str) -> "Sought":
        """Take a filter off, and begin at the first page."""
        rest = [pair for pair in self.params if pair != (name, value) and pair[0] not in PLACE]
        if not {key for key, _value in rest} - {"view"}:  # the view alone would bring its filters
            rest += [("column", str(one)) for one in self.columns]
        return replace(self, params=rest)

    @property
    def unfiltered(self) -> "Sought":
        """Return the order and the columns alone."""
        return replace(self, params=[pair for pair in self.params if pair[0] in KEPT - {"view"}])

    def page_after(self, cursor: str) -> str:
        """Return the address of the next page, which knows the way back."""
        back = [*self.every("back"), self.get("cursor") or "-"][-MOST_BACK:]
        rest = [pair for pair in self.params if pair[0] not in PLACE]
        return f"{PATH}?{urlencode([*rest, ('cursor', cursor), *(('back', one) for one in back)])}"

    def page_before(self) -> str | None:
        """Return the address of the page before this one; None on the first page."""
        if not self.get("cursor"):
            return None
        rest = [pair for pair in self.params if pair[0] not in PLACE]
        *back, last = self.every("back") or ["-"]
        place = [] if last == "-" else [("cursor", last), *(("back", one) for one in back)]
        query = urlencode([*rest, *place])
        return f"{PATH}?{query}" if query else PATH


def _each(name: str, value: str) -> Sequence[str]:
    """Return what a parameter stands for: a field of a form may hold several ids."""
    if name == SEVERAL:
        return value.replace(",", " ").split()
    read = (with_plus(value) if name in NUMBERS else value).strip()
    return [read] if read else []


def _read_api_fields(params: Iterable[Pair]) -> list[Pair]:
    """Return parameters with a field of its own for each of an account's fields."""
    return [
        (f"{OWN_FIELD}{value.partition(':')[0]}", value.partition(":")[2])
        if name == "field"
        else (name, value)
        for name, value in params
        if name != "field" or value.partition(":")[2].strip()
    ]


def _moment(value: str, zone: str, *, is_end: bool) -> datetime:
    """Return when a day begins by a clock or, as an end, when it is over. Raises `Invalid`."""
    here = ZoneInfo(zone)
    try:
        if "T" in value:
            at = datetime.fromisoformat(value)
            return (at if at.tzinfo else at.replace(tzinfo=here)).astimezone(UTC)
        day = date.fromisoformat(value) + timedelta(days=is_end)
        return datetime.combine(day, time(), here).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(_("must be a date such as 2026-12-24")) from None


def _seconds(value: str) -> int:
    """Return minutes as seconds. Raises `Invalid`."""
    try:
        seconds = round(float(value.replace(",", ".")) * SECONDS)
    except (ValueError, OverflowError):
        raise Invalid(_("must be a number")) from None
    if not 0 <= seconds <= LONGEST_SECONDS:
        raise Invalid(_("must be from 0 to {most}", most=number(LONGEST_SECONDS // SECONDS)))
    return seconds


def _written(name: str, value: object, zone: str) -> list[Pair]:
    """Return a filter as it stands in an address."""
    match value:
        case bool():
            return [(name, str(value).lower())]
        case datetime():
            return [(name, _day(value, zone, is_end=name.endswith("until")))]
        case int() if name in MINUTES:
            return [(name, f"{value / SECONDS:.10g}")]
        case list():
            return [(name, str(one)) for one in value]
        case _:
            return [(name, str(value))]


def _day(at: datetime, zone: str, *, is_end: bool) -> str:
    """Return a moment as a day, or as itself if no day begins then."""
    try:
        local = at.astimezone(ZoneInfo(zone))
        if local.time() == time():
            return (local.date() - timedelta(days=is_end)).isoformat()
    except OverflowError:  # the first or last day of all
        return at.isoformat()
    return _by_clock(at, zone)


def _by_clock(at: datetime, zone: str) -> str:
    """Return a moment by a clock; with its offset where the clock shows the same hour twice."""
    here = ZoneInfo(zone)
    local = at.astimezone(here) if at.tzinfo else at.replace(tzinfo=here)
    return local.isoformat() if local.fold else local.replace(tzinfo=None).isoformat()


def _reversed(filters: HistoryFilters) -> list[Problem]:
    """Return what is wrong with ranges: each is looked at by itself."""
    found = []
    for since, until in PAIRS:
        first, last = getattr(filters, since), getattr(filters, until)
        if first is None or last is None:
            continue
        # The last day is included, so a day that ends where it begins is the one before.
        if first > last or (first == last and isinstance(last, datetime)):
            sentence = _("must not be before the other end")
            found.append(Problem.of(until, FILTERS[until], sentence))
    return found


def _wrong_numbers(filters: HistoryFilters) -> list[Problem]:
    found = []
    try:
        if filters.number:
            key_of(filters.number)
    except DomainError as error:
        found.append(Problem.of("number", FILTERS["number"], said(error.detail)))
    if filters.number_part and number_in(filters.number_part) is None:
        few = _("at least {n} digits are needed", n=FEWEST_DIGITS)
        found.append(Problem.of("number_part", FILTERS["number_part"], few))
    return found


def wrong(error: DomainError) -> Mapping[str, str]:
    """Return what is wrong with each field, by its name."""
    if isinstance(error, NumberInvalid):
        return {"number": said(error.detail)}
    problems = error.problems if isinstance(error, FieldsInvalid) else ()
    return {one.field: one.beside for one in problems}
