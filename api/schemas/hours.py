"""Working hours as people write them: local times of the account's zone."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas.shared import Answer, Name, Request, example
from domain.hours import calendars
from domain.hours.calendars import DAY, Period, SpecialHours
from services.configuring.hours import NewHours, WorkingHours

OpeningTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
ClosingTime = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]


class HoursModel(BaseModel):
    """Used in both directions: an answer can be sent back as a request."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PeriodText(HoursModel):
    """A time that closes before it opens is on the next day; 24:00 is the end of the day."""

    opens: OpeningTime
    closes: ClosingTime

    @property
    def period(self) -> Period:
        opens, closes = _minutes(self.opens), _minutes(self.closes)
        return Period(opens, closes + DAY if closes < opens else closes)

    @classmethod
    def of(cls, period: Period) -> Self:
        closes = period.closes if period.closes <= DAY else period.closes - DAY
        return cls(opens=_text(period.opens), closes=_text(closes))


Periods = Annotated[list[PeriodText], Field(max_length=10)]


class Week(HoursModel):
    """The periods that begin on each day. Without any period it is always open."""

    monday: Periods = Field(default_factory=list)
    tuesday: Periods = Field(default_factory=list)
    wednesday: Periods = Field(default_factory=list)
    thursday: Periods = Field(default_factory=list)
    friday: Periods = Field(default_factory=list)
    saturday: Periods = Field(default_factory=list)
    sunday: Periods = Field(default_factory=list)

    @property
    def days(self) -> tuple[tuple[Period, ...], ...]:
        days: Sequence[Sequence[PeriodText]] = (
            *(self.monday, self.tuesday, self.wednesday, self.thursday),
            *(self.friday, self.saturday, self.sunday),
        )
        return tuple(tuple(one.period for one in day) for day in days)

    @classmethod
    def of(cls, days: Sequence[Sequence[Period]]) -> Self:
        names = list(cls.model_fields)
        return cls(
            **{
                name: [PeriodText.of(one) for one in day]
                for name, day in zip(names, days, strict=True)
            }
        )


class SpecialDayText(HoursModel):
    """A date with its own periods instead of the week's; without any it is closed."""

    day: date
    name: Name
    periods: Periods = Field(default_factory=list)

    @property
    def hours(self) -> SpecialHours:
        return SpecialHours(self.day, tuple(one.period for one in self.periods), self.name)

    @classmethod
    def of(cls, special: SpecialHours) -> Self:
        periods = [PeriodText.of(one) for one in special.periods]
        return cls(day=special.day, name=special.name, periods=periods)


SpecialDays = Annotated[list[SpecialDayText], Field(max_length=400)]


class HoursIn(Request):
    """Replaces all present hours."""

    model_config = example(
        week={"monday": [{"opens": "09:00", "closes": "17:00"}]},
        special_days=[{"day": "2026-12-25", "name": "Christmas", "periods": []}],
    )

    week: Week = Field(default_factory=Week)
    special_days: SpecialDays = Field(default_factory=list)

    @property
    def hours(self) -> NewHours:
        return NewHours(self.week.days, [one.hours for one in self.special_days])


class HoursOut(Answer):
    """Working hours, and whether it is open now."""

    time_zone: str
    is_own: bool
    """False for a skill that follows the account."""
    week: Week
    special_days: list[SpecialDayText]
    is_open: bool
    next_open_at: datetime | None
    """Now while it is open; null when nothing is open within 60 days."""

    @classmethod
    def of(cls, found: WorkingHours, now: datetime) -> Self:
        known = calendars.open_hours(found.calendar, now)
        return cls(
            time_zone=found.calendar.zone,
            is_own=found.is_own,
            week=Week.of(found.calendar.week),
            special_days=[SpecialDayText.of(one) for one in found.calendar.special],
            is_open=known.is_open(now),
            next_open_at=known.next_open(now),
        )


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _text(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
