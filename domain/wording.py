"""Which text and timer an automatic message has: the most specific one set, else the default."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.errors import Invalid
from domain.languages import nearest, stand_ins
from domain.limits import SURVEY_QUESTION, check_outgoing, units
from domain.scales import Scale
from domain.templates import check_template, promises_time
from domain.texts.defaults import default_texts
from domain.words import OF_THE_SURVEY, Automatic

QUESTIONS = frozenset(
    {
        Automatic.survey_question,
        Automatic.survey_retry,
        Automatic.survey_resolved,
        Automatic.survey_recommend,
        Automatic.survey_comment,
    }
)


@dataclass(frozen=True)
class Place:
    """What a setting is for: a line, a skill, a connector, or (all None) the whole account."""

    line_id: str | None = None
    skill_id: str | None = None
    connector_id: str | None = None


@dataclass(frozen=True)
class Wording:
    """A text an account set, for one place and language."""

    event: Automatic
    language: str
    text: str
    enabled: bool = True
    line_id: str | None = None
    skill_id: str | None = None
    connector_id: str | None = None

    @property
    def place(self) -> Place:
        return Place(self.line_id, self.skill_id, self.connector_id)


@dataclass(frozen=True)
class Chosen:
    """A text that is sent, and the language it is in."""

    text: str
    language: str


def resolve(
    wordings: Iterable[Wording],
    *,
    language: str,
    default_language: str,
    scale: Scale | None = None,
) -> dict[Automatic, str]:
    """Return the texts that are on, of wordings that all apply to one conversation."""
    chosen = choose(wordings, language=language, default_language=default_language, scale=scale)
    return {event: one.text for event, one in chosen.items()}


def choose(
    wordings: Iterable[Wording],
    *,
    language: str,
    default_language: str,
    scale: Scale | None = None,
) -> dict[Automatic, Chosen]:
    """Return the texts that are on with their languages, of wordings that all apply.

    Line, then skill (connector for texts of the survey), then account; within each the
    conversation's language, then the account's, `pt` standing in for `pt-BR`. The first that is
    found decides, also that nothing is sent. After them come the product's own texts, in the
    first of the two languages that has some, else in English; `scale` is what they ask for.
    """
    languages = list(dict.fromkeys([*stand_ins(language), *stand_ins(default_language)]))
    own = nearest(language, default_language)
    chosen = {event: Chosen(text, own) for event, text in default_texts(own, scale).items()}
    fitting = [one for one in wordings if one.language in languages and fits(one.event, one.place)]
    # The most specific one comes last, and stays.
    fitting.sort(key=lambda one: (-generality(one.place), -languages.index(one.language)))
    chosen |= {one.event: Chosen(one.text if one.enabled else "", one.language) for one in fitting}
    return {event: one for event, one in chosen.items() if one.text}


def other_languages(chosen: Mapping[Automatic, Chosen], language: str) -> dict[Automatic, str]:
    """Return the languages of texts whose response time is not to be worded in `language`."""
    return {
        event: one.language
        for event, one in chosen.items()
        if one.language != language and promises_time(one.text)
    }


def fits(event: Automatic, place: Place) -> bool:
    """Say whether a setting for an event is looked at there: a survey has no skill of its own."""
    return not (place.skill_id if event in OF_THE_SURVEY else place.connector_id)


def generality(place: Place) -> int:
    """Return 0 for a line, 1 for a skill or connector, 2 for the account."""
    if place.line_id:
        return 0
    return 1 if place.skill_id or place.connector_id else 2


def check_place(event: Automatic, place: Place) -> None:
    """Raise `Invalid` for a place an event has no setting for, or for two places at once."""
    if sum(map(bool, (place.line_id, place.skill_id, place.connector_id))) > 1:
        raise Invalid("A setting is for a line, for a skill, for a connector or for all: for one.")
    if fits(event, place):
        return
    if event in OF_THE_SURVEY:
        raise Invalid("A text of the survey is set for a line, a connector or all, not a skill.")
    raise Invalid("Only texts of the survey are set for a connector.")


def check_text(event: Automatic, text: str) -> None:
    """Raise `Invalid` or `MessageTooLong` for a text of an event that must not be saved."""
    check_outgoing(text)
    check_template(text)
    if event in QUESTIONS and (length := units(text)) > SURVEY_QUESTION:
        raise Invalid(f"The question has {length} characters; {SURVEY_QUESTION} are allowed.")
