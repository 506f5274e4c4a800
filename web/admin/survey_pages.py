"""The page of surveys: the form, its texts, and the phone with the whole exchange."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse

from domain.automatic.catalogue import CATALOGUE, Group, grouped
from domain.automatic.kinds import Automatic
from domain.errors import NotFound
from domain.survey.design import SurveyDesign, policy_of
from domain.survey.kinds import FollowUp
from web.admin import survey_forms, survey_preview, survey_scope, texts
from web.admin.phone_preview import Phone, sender
from web.admin.scopes import Brand, PageScope, ScopeKind
from web.admin.survey_preview import Reading
from web.admin.texts import Said
from web.frame import Frame

PATH = "/admin/surveys"
SCALES = (
    ("one_to_five", "1 to 5", ("1", "2", "3", "4", "5"), "Satisfied from 4."),
    ("zero_to_ten", "0 to 10", ("0", "…", "10"), "Satisfied from 8."),
    ("thumbs", "Thumbs", (), "Yes and no, good and bad too."),
    (survey_forms.OWN, "Own words", ("Bad", "Fine", "Great"), "Your answers, with their words."),
)
FOLLOW_UPS = {
    FollowUp.resolved: "Was it resolved? Yes or no",
    FollowUp.recommend: "Would they recommend you? 0 to 10",
    FollowUp.comment: "Anything to add? In free words",
}


@dataclass(frozen=True)
class SurveyPageQuery:
    """What somebody looks at: a scope, and the language of its texts."""

    scope: PageScope
    language: str

    @classmethod
    def of(cls, brand: Brand, key: str, language: str) -> Self:
        """Return what an address or a form names. Raises `NotFound`, `Invalid`."""
        scope = brand.scope(key)
        if scope.kind is ScopeKind.skill:
            raise NotFound
        return cls(scope, brand.language(language))

    @property
    def saved(self) -> str:
        """The address to go to after something was saved."""
        shown = {"of": self.scope.key, "language": self.language, "saved": "true"}
        return f"{PATH}?{urlencode(shown)}"


@dataclass(frozen=True)
class Tried:
    """The exchange on the phone, and how the answer in it is read."""

    phone: Phone
    reading: Reading


@dataclass(frozen=True)
class TextRow:
    """One of the survey's texts."""

    event: Automatic
    title: str
    said: Said


async def answer(
    frame: Frame,
    brand: Brand,
    query: SurveyPageQuery,
    *,
    draft: SurveyDesign | None = None,
    given: str = "",
    saved: bool = False,
) -> HTMLResponse:
    """Return the page, with a draft in the scope of what is set."""
    chosen = await survey_scope.chosen(frame, brand, query.scope)
    design = draft or chosen.design
    said = await _said(frame, brand, query, design)
    return frame.answer(
        "admin/surveys.html",
        brand=brand,
        scope=query.scope,
        groups=brand.grouped(ScopeKind.line, ScopeKind.connector),
        language=query.language,
        languages=brand.languages(query.language),
        chosen=chosen,
        form=survey_forms.fields(design),
        labels=survey_forms.LABELS,
        scales=SCALES,
        grades=survey_forms.GRADES,
        follow_ups=FOLLOW_UPS,
        texts=_texts(said),
        given=given,
        shown=_tried(brand, query, design, given, said),
        saved=saved,
    )


async def tried(
    frame: Frame, brand: Brand, query: SurveyPageQuery, draft: SurveyDesign | None, given: str
) -> HTMLResponse:
    """Return the phone alone, with the exchange that follows an answer."""
    design = draft or (await survey_scope.chosen(frame, brand, query.scope)).design
    said = await _said(frame, brand, query, design)
    shown = _tried(brand, query, design, given, said)
    return frame.answer("admin/survey_preview.html", shown=shown, language=query.language)


async def _said(
    frame: Frame, brand: Brand, query: SurveyPageQuery, design: SurveyDesign
) -> Mapping[Automatic, Said]:
    scale = policy_of(design).scale
    return await texts.said(frame, brand, query.scope, query.language, scale)


def _tried(
    brand: Brand,
    query: SurveyPageQuery,
    design: SurveyDesign,
    given: str,
    said: Mapping[Automatic, Said],
) -> Tried:
    as_sent = sender(brand, query.scope, query.language)
    reading = survey_preview.read(design, given or survey_preview.best_answer(design))

    def say(event: Automatic) -> str:
        return as_sent.filled(event, said[event].text or "")

    bubbles = survey_preview.exchange(design, reading, say, query.language)
    return Tried(as_sent.phone(bubbles), reading)


def _texts(said: Mapping[Automatic, Said]) -> Sequence[TextRow]:
    events = grouped()[Group.survey]
    return [TextRow(event, CATALOGUE[event].title, said[event]) for event in events]
