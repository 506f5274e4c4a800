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
from web.admin.texts import SentText
from web.frame import Frame
from web.words import Words, mark, said

PATH = "/admin/surveys"
SCALES = (
    ("one_to_five", mark("1 to 5"), ("1", "2", "3", "4", "5"), mark("Satisfied from 4.")),
    ("zero_to_ten", mark("0 to 10"), ("0", "…", "10"), mark("Satisfied from 8.")),
    ("thumbs", mark("Thumbs"), (), mark("Yes and no, good and bad too.")),
    (
        survey_forms.OWN,
        mark("Own words"),
        (mark("Bad"), mark("Fine"), mark("Great")),
        mark("Your answers, with their words."),
    ),
)
FOLLOW_UPS = Words(
    {
        FollowUp.resolved: "Was it resolved? Yes or no",
        FollowUp.recommend: "Would they recommend you? 0 to 10",
        FollowUp.comment: "Anything to add? In free words",
    }
)


@dataclass(frozen=True)
class SurveyPageQuery:
    """What an admin looks at: a scope, and the language of its texts."""

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
        """The address to go to after saving."""
        shown = {"of": self.scope.key, "language": self.language, "saved": "true"}
        return f"{PATH}?{urlencode(shown)}"


@dataclass(frozen=True)
class ExchangePreview:
    """The exchange on the phone, and how the answer in it is read."""

    phone: Phone
    reading: Reading


@dataclass(frozen=True)
class TextRow:
    """One of the survey's texts."""

    event: Automatic
    title: str
    sent: SentText


async def answer(
    frame: Frame,
    brand: Brand,
    query: SurveyPageQuery,
    *,
    draft: SurveyDesign | None = None,
    given: str = "",
    saved: bool = False,
) -> HTMLResponse:
    """Return the page, with the draft in place of what is set."""
    chosen = await survey_scope.resolve_survey(frame, brand, query.scope)
    design = draft or chosen.design
    sent_texts = await _texts_said(frame, brand, query, design)
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
        texts=_texts(sent_texts),
        given=given,
        shown=_preview(brand, query, design, given, sent_texts),
        saved=saved,
    )


async def answer_preview(
    frame: Frame, brand: Brand, query: SurveyPageQuery, draft: SurveyDesign | None, given: str
) -> HTMLResponse:
    """Return only the phone, with the exchange that follows an answer."""
    design = draft or (await survey_scope.resolve_survey(frame, brand, query.scope)).design
    sent_texts = await _texts_said(frame, brand, query, design)
    shown = _preview(brand, query, design, given, sent_texts)
    return frame.answer("admin/survey_preview.html", shown=shown, language=query.language)


async def _texts_said(
    frame: Frame, brand: Brand, query: SurveyPageQuery, design: SurveyDesign
) -> Mapping[Automatic, SentText]:
    scale = policy_of(design).scale
    return await texts.load_texts(frame, brand, query.scope, query.language, scale)


def _preview(
    brand: Brand,
    query: SurveyPageQuery,
    design: SurveyDesign,
    given: str,
    sent_texts: Mapping[Automatic, SentText],
) -> ExchangePreview:
    texts_sender = sender(brand, query.scope, query.language)
    reading = survey_preview.read(design, given or survey_preview.best_answer(design))

    def say(event: Automatic) -> str:
        return texts_sender.fill(event, sent_texts[event].text or "")

    bubbles = survey_preview.exchange(design, reading, say, query.language)
    return ExchangePreview(texts_sender.phone(bubbles), reading)


def _texts(sent_texts: Mapping[Automatic, SentText]) -> Sequence[TextRow]:
    events = grouped()[Group.survey]
    return [TextRow(event, said(CATALOGUE[event].title), sent_texts[event]) for event in events]
