"""The page of automatic messages: the list of events, one of them to be changed, the phone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse

from domain.automatic.catalogue import CATALOGUE, DELAYS, OF_THE_SURVEY, Delay, grouped
from domain.automatic.kinds import Automatic
from domain.automatic.message_timers import SHORTEST
from domain.languages import name_of
from domain.settings.allowed import LONGEST_PREFIX
from domain.survey.design import policy_of
from web import durations
from web.admin import phone_preview, survey_scope, texts
from web.admin.scopes import Brand, PageScope, ScopeKind, load_brand
from web.admin.texts import SentText, Timing
from web.frame import Frame
from web.overtaken import version_of
from web.words import _, n, said

PATH = "/admin/messages"


@dataclass(frozen=True)
class SettingsPageQuery:
    """What an admin looks at: a scope, a language, and the event they chose, if any."""

    scope: PageScope
    language: str
    event: Automatic
    is_chosen: bool

    @classmethod
    def of(cls, brand: Brand, key: str, language: str, event: Automatic | None) -> Self:
        """Return what an address names. An event that the scope has no text for is left out.

        Raises `NotFound`, and `Invalid` for an unknown language.
        """
        scope = brand.scope(key)
        offered = events(scope)
        chosen = event if event in offered else None
        return cls(scope, brand.language(language), chosen or offered[0], chosen is not None)

    @property
    def saved(self) -> str:
        """The address to go to after saving."""
        chosen = {"event": self.event} if self.is_chosen else {}
        shown = {"of": self.scope.key, "language": self.language} | chosen
        return f"{PATH}?{urlencode(shown | {'saved': 'true'})}"


@dataclass(frozen=True)
class Draft:
    """A text that is being written."""

    text: str
    is_enabled: bool


@dataclass(frozen=True)
class Row:
    """An event in the list."""

    event: Automatic
    title: str
    sent: SentText
    timing: str


@dataclass(frozen=True)
class TimerFields:
    """The form that sets when a text is sent."""

    label: str
    hint: str
    delay: str
    repeats: int
    may_repeat: bool
    source: str
    own: int | None


def events(scope: PageScope) -> list[Automatic]:
    """Return the events whose texts can be set at a scope: a connector has those of the survey."""
    match scope.kind:
        case ScopeKind.connector:
            return [event for event in CATALOGUE if event in OF_THE_SURVEY]
        case ScopeKind.skill:
            return [event for event in CATALOGUE if event not in OF_THE_SURVEY]
        case _:
            return list(CATALOGUE)


async def answer(
    frame: Frame,
    brand: Brand,
    query: SettingsPageQuery,
    *,
    draft: Draft | None = None,
    saved: bool = False,
) -> HTMLResponse:
    """Return the page, with the draft in place of what is set."""
    scope, event = query.scope, query.event
    survey = await survey_scope.resolve_survey(frame, brand, scope)
    scale = policy_of(survey.design).scale
    sent_texts = await texts.load_texts(frame, brand, scope, query.language, scale)
    timers = await texts.load_timings(frame, brand, scope)
    chosen = sent_texts[event]
    draft = draft or Draft(chosen.start, is_enabled=chosen.text is not None)
    return frame.answer(
        "admin/messages.html",
        **_scope(brand, query),
        message_groups=_message_groups(scope, sent_texts, timers),
        row=_row(event, sent_texts, timers),
        when=said(CATALOGUE[event].when),
        draft=draft,
        timer=_timer(event, timers[event]) if event in timers else None,
        shown=_preview(brand, query, draft),
        seen_text=version_of([chosen.version]),
        seen_timer=version_of([timers[event].version]) if event in timers else "",
        saved=saved,
    )


async def text_version(frame: Frame, query: SettingsPageQuery) -> str:
    """Return the version of the text that is set for what an admin looks at."""
    brand = await load_brand(frame.caller, frame.session)
    survey = await survey_scope.resolve_survey(frame, brand, query.scope)
    scale = policy_of(survey.design).scale
    found = await texts.load_texts(frame, brand, query.scope, query.language, scale)
    return version_of([found[query.event].version])


async def timer_version(frame: Frame, query: SettingsPageQuery) -> str:
    """Return the version of the timer that is set for it; empty for a text without one."""
    brand = await load_brand(frame.caller, frame.session)
    found = await texts.load_timings(frame, brand, query.scope)
    return version_of([found[query.event].version]) if query.event in found else ""


def answer_preview(
    frame: Frame, brand: Brand, query: SettingsPageQuery, draft: Draft
) -> HTMLResponse:
    """Return only the phone, with a draft on it."""
    shown = _preview(brand, query, draft)
    return frame.answer("admin/message_preview.html", shown=shown, language=query.language)


def _scope(brand: Brand, query: SettingsPageQuery) -> dict[str, object]:
    scope = query.scope
    connectors = {each.id: each for each in brand.connectors}
    return {
        "brand": brand,
        "scope": scope,
        "groups": brand.grouped(ScopeKind.line, ScopeKind.skill, ScopeKind.connector),
        "language": query.language,
        "language_name": name_of(query.language),
        "languages": brand.languages(query.language),
        "is_chosen": query.is_chosen,
        "connector": (held := connectors.get(scope.connector or "")),
        "seen_prefix": version_of([held.prefix]) if held else "",
        "longest_prefix": LONGEST_PREFIX,
        "placeholders": CATALOGUE[query.event].placeholders,
    }


def _message_groups(
    scope: PageScope, sent_texts: Mapping[Automatic, SentText], timers: Mapping[Automatic, Timing]
) -> list[tuple[str, list[Row]]]:
    offered = events(scope)
    groups = [
        (
            said(group.value),
            [_row(event, sent_texts, timers) for event in events if event in offered],
        )
        for group, events in grouped().items()
    ]
    return [(title, rows) for title, rows in groups if rows]


def _row(
    event: Automatic, sent_texts: Mapping[Automatic, SentText], timers: Mapping[Automatic, Timing]
) -> Row:
    timing = _timing_words(event, timers[event]) if event in timers else ""
    return Row(event, said(CATALOGUE[event].title), sent_texts[event], timing)


def _timing_words(event: Automatic, timing: Timing) -> str:
    delay = durations.to_text(timing.delay_seconds)
    if DELAYS[event].is_before:
        return _("{delay} before it closes", delay=delay)
    if timing.repeats == 1:
        return _("After {delay}", delay=delay)
    return n("After {delay}, {n} time", "After {delay}, {n} times", timing.repeats, delay=delay)


def _timer(event: Automatic, timing: Timing) -> TimerFields:
    delay = DELAYS[event]
    return TimerFields(
        label=said(delay.label),
        hint=_hint(delay),
        delay=durations.to_text(timing.delay_seconds),
        repeats=timing.repeats,
        may_repeat=delay.may_repeat,
        source=timing.source,
        own=timing.own,
    )


def _hint(delay: Delay) -> str:
    least = durations.to_text(round(SHORTEST.total_seconds()))
    counts = _("Counts from {moment}.", moment=said(delay.counts_from))
    if delay.in_working_hours:
        return f"{counts} {_('In working hours, {least} at least.', least=least)}"
    return f"{counts} {_('{least} at least.', least=least)}"


def _preview(brand: Brand, query: SettingsPageQuery, draft: Draft) -> phone_preview.TextPreview:
    sender = phone_preview.sender(brand, query.scope, query.language)
    return phone_preview.preview_text(sender, query.event, draft.text, is_enabled=draft.is_enabled)
