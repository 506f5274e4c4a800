"""What a scope sends on each event and when, and where text and timer were set."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from database.queries.automatic_rows import timing, wording
from domain.automatic.kinds import Automatic, Timer
from domain.automatic.message_timers import resolve_timers
from domain.automatic.texts.defaults import starting_texts
from domain.automatic.wordings import Text, resolve_texts
from domain.policy.missing_languages import MissingText, unwritten
from domain.settings.resolution import Resolved
from domain.settings.scope import reaches
from domain.survey.scales import Scale
from services.configuring import automatic_messages, timers
from web.admin.scopes import Brand, PageScope
from web.frame import Frame
from web.words import mark, said

HERE = mark("Set here")


@dataclass(frozen=True)
class SentText:
    """What is sent on an event, None for nothing. `start`: what the editor begins with."""

    text: str | None
    language: str
    source: str
    start: str
    own: int | None = None
    """The row of the text that is set at this very scope, in this language."""
    elsewhere: MissingText | None = None
    """What those read in whose language the account's text is missing."""

    @property
    def version(self) -> str:
        """The same for the same text set here, and for none."""
        return f"{self.text}" if self.own else ""


@dataclass(frozen=True)
class Timing:
    """When a text is sent."""

    delay_seconds: int
    repeats: int
    source: str
    own: int | None = None
    """The row of the timer that is set at this very scope."""

    @property
    def version(self) -> str:
        """The same for the same timer set here, and for none."""
        return f"{self.delay_seconds} {self.repeats}" if self.own else ""


async def load_texts(
    frame: Frame, brand: Brand, scope: PageScope, language: str, scale: Scale
) -> Mapping[Automatic, SentText]:
    """Return a scope's text for each event, for consumers who write a language."""
    listed = await automatic_messages.listed(frame.caller, frame.session)
    around, tongue = brand.applying(scope), brand.tongue(language)
    every = [one for row in listed if reaches((one := wording(row)).scope, around)]
    starts = starting_texts(language, scale)
    own = {
        one.event: one.id
        for one in every
        if one.scope == scope.settings_scope and one.language == language
    }
    missing = unwritten(every, brand.wanted(), tongue)
    resolved = resolve_texts(every, tongue, scale)
    found = {
        event: _sent_text(one, brand, own.get(event), language, starts[event])
        for event, one in resolved.items()
    }
    return {event: replace(one, elsewhere=missing.get(event)) for event, one in found.items()}


def _sent_text(
    held: Resolved[Text], brand: Brand, own: int | None, language: str, start: str
) -> SentText:
    text = held.value
    return SentText(
        text=text.text if text.enabled else None,
        language=text.language,
        source=said(HERE) if own else brand.source(held.source),
        # A text in another language is no help to begin with.
        start=text.text if text.language == language else start,
        own=own,
    )


async def load_timings(frame: Frame, brand: Brand, scope: PageScope) -> Mapping[Automatic, Timing]:
    """Return when a scope's timed texts are sent."""
    listed, around = await timers.listed(frame.caller, frame.session), brand.applying(scope)
    every = [one for row in listed if reaches((one := timing(row)).scope, around)]
    return {event: _timing(one, brand, scope) for event, one in resolve_timers(every).items()}


def _timing(held: Resolved[Timer], brand: Brand, scope: PageScope) -> Timing:
    own = held.source.id if held.source.scope == scope.settings_scope else None
    return Timing(
        delay_seconds=round(held.value.delay.total_seconds()),
        repeats=held.value.repeats,
        source=said(HERE) if own else brand.source(held.source),
        own=own,
    )
