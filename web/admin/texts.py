"""What is sent at a place on each event, when time sends it, and from where both come."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from database.queries.wordings import timing, wording
from domain.automatic.kinds import Automatic
from domain.automatic.outcome import Elsewhere, TimerOutcome, timer_outcomes, unwritten
from domain.automatic.texts.defaults import starting_texts
from domain.automatic.wordings import TextOutcome, text_outcomes
from domain.survey.scales import Scale
from services.configuring import automatic_messages, timers
from web.admin.scopes import Brand, PageScope
from web.frame import Frame

HERE = "Set here"


@dataclass(frozen=True)
class Said:
    """What is sent on an event; `text` is None where nothing is. `start` is edited from there."""

    text: str | None
    language: str
    source: str
    start: str
    own: int | None = None
    """The row of the text that is set at this very place, in this language."""
    elsewhere: Elsewhere | None = None
    """What those read in whose language the account's text is missing."""


@dataclass(frozen=True)
class Timing:
    """When time sends a text."""

    delay_seconds: int
    repeats: int
    source: str
    own: int | None = None
    """The row of the timer that is set at this very place."""


async def said(
    frame: Frame, brand: Brand, place: PageScope, language: str, scale: Scale
) -> Mapping[Automatic, Said]:
    """Return what is said on each event at a place, to those who write a language."""
    listed = await automatic_messages.listed(frame.caller, frame.session)
    reach = brand.reach(place)
    every = {wording(row): row.id for row in listed}
    rows = {one: row for one, row in every.items() if one.place in reach}
    outcomes = text_outcomes(rows, brand.tongue(language), scale)
    starts = starting_texts(language, scale)
    own = {
        one.event: row
        for one, row in rows.items()
        if one.place == place.setting and one.language == language
    }
    missing = unwritten(rows, brand.wanted(), brand.tongue(language))
    found = {
        one.event: _said(one, brand, own.get(one.event), language, starts[one.event])
        for one in outcomes
    }
    return {event: replace(one, elsewhere=missing.get(event)) for event, one in found.items()}


def _said(outcome: TextOutcome, brand: Brand, own: int | None, language: str, start: str) -> Said:
    return Said(
        text=outcome.text if outcome.enabled else None,
        language=outcome.language,
        source=HERE if own else brand.source(outcome.setting.place if outcome.setting else None),
        # A text in another language is nothing to begin with.
        start=outcome.text if outcome.language == language else start,
        own=own,
    )


async def timings(frame: Frame, brand: Brand, place: PageScope) -> Mapping[Automatic, Timing]:
    """Return when time sends what it sends at a place."""
    listed = await timers.listed(frame.caller, frame.session)
    reach = brand.reach(place)
    every = {timing(row): row.id for row in listed}
    rows = {setting: row for setting, row in every.items() if setting.place in reach}
    own = {setting.event: row for setting, row in rows.items() if setting.place == place.setting}
    return {
        event: _timing(outcome, brand, own.get(event))
        for event, outcome in timer_outcomes(list(rows)).items()
    }


def _timing(outcome: TimerOutcome, brand: Brand, own: int | None) -> Timing:
    return Timing(
        delay_seconds=round(outcome.timer.delay.total_seconds()),
        repeats=outcome.timer.repeats,
        source=HERE if own else brand.source(outcome.setting.place if outcome.setting else None),
        own=own,
    )
