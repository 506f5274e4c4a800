"""Which text an automatic message has: in the consumer's language, the most specific one set."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.automatic.kinds import OF_THE_SURVEY, Automatic
from domain.automatic.templates import check_template, promises_time
from domain.automatic.texts.defaults import OFF_BY_DEFAULT, starting_texts
from domain.errors import Invalid
from domain.language_settings import TextsFirst
from domain.languages import is_supported, nearest, stand_ins
from domain.survey.scales import Scale
from domain.text.limits import SURVEY_QUESTION, check_outgoing, units

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
class Scope:
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
    def place(self) -> Scope:
        return Scope(self.line_id, self.skill_id, self.connector_id)

    @property
    def is_on(self) -> bool:
        return self.enabled and bool(self.text)


@dataclass(frozen=True)
class ResolvedText:
    """A text that is sent, and the language it is in."""

    text: str
    language: str


@dataclass(frozen=True)
class TextOutcome:
    """The text of an event; it is sent if `enabled`. `setting` is None for the product's own."""

    event: Automatic
    text: str
    language: str
    enabled: bool
    setting: Wording | None = None


@dataclass(frozen=True)
class Tongue:
    """What decides the language of texts: the conversation's, the account's, and which goes first.

    `first` is `TextsFirst.place` where an account wants the words of a line, skill or connector in
    whatever language before its other texts in the consumer's.
    """

    language: str
    default: str
    first: TextsFirst = TextsFirst.language


def resolve(
    wordings: Iterable[Wording], tongue: Tongue, scale: Scale | None = None
) -> dict[Automatic, str]:
    """Return the texts that are on, of wordings that all apply to one conversation."""
    return {event: one.text for event, one in choose(wordings, tongue, scale).items()}


def choose(
    wordings: Iterable[Wording], tongue: Tongue, scale: Scale | None = None
) -> dict[Automatic, ResolvedText]:
    """Return the texts that are on with their languages, of wordings that all apply."""
    return {
        one.event: ResolvedText(one.text, one.language)
        for one in text_outcomes(wordings, tongue, scale)
        if one.enabled
    }


def text_outcomes(
    wordings: Iterable[Wording], tongue: Tongue, scale: Scale | None = None
) -> list[TextOutcome]:
    """Return what is said on each event, of wordings that all apply to one conversation.

    The conversation's language first: a text for the line, then the skill (connector for texts of
    the survey), then the account, then the product's own. Only then the account's language in the
    same order, and English last. Where the place goes first it is the other way round, and the
    product's own texts come last. The first text found decides, also that nothing is sent; `scale`
    is what the survey asks for.
    """
    applying = [one for one in wordings if fits(one.event, one.place)]
    spoken = _spoken(tongue.language, applying)
    default = _spoken(tongue.default, applying)
    own = nearest(tongue.language, tongue.default)
    ours = starting_texts(own, scale)
    found = []
    for event in Automatic:
        set_for = [one for one in applying if one.event is event]
        theirs = _first(set_for, spoken, tongue.first)
        general = _first(set_for, default, tongue.first)
        if tongue.first is TextsFirst.place:
            set_in = _first(set_for, (*spoken, *default), tongue.first)
        else:
            # Without a text of ours in the language, the account's words come before our English.
            set_in = theirs or (None if is_supported(tongue.language) else general)
        if set_in is not None:
            found.append(TextOutcome(event, set_in.text, set_in.language, set_in.is_on, set_in))
        elif event in ours:
            # The switch is the event's: off in the account's language is off in those not set.
            enabled = general.is_on if general else event not in OFF_BY_DEFAULT
            found.append(TextOutcome(event, ours[event], own, enabled))
    return found


def _spoken(code: str, wordings: Sequence[Wording]) -> tuple[str, ...]:
    """Return what is read as a language, best first; to `pt` a `pt-BR` that somebody has set."""
    regional = {one.language for one in wordings if stand_ins(one.language)[-1] == code}
    return tuple(dict.fromkeys([*stand_ins(code), *sorted(regional)]))


def _first(
    wordings: Sequence[Wording], languages: Sequence[str], first: TextsFirst
) -> Wording | None:
    def rank(one: Wording) -> tuple[int, int]:
        place, language = generality(one.place), languages.index(one.language)
        return (place, language) if first is TextsFirst.place else (language, place)

    return min((one for one in wordings if one.language in languages), key=rank, default=None)


def other_languages(
    chosen: Mapping[Automatic, ResolvedText], language: str
) -> dict[Automatic, str]:
    """Return the languages of texts whose response time is not to be worded in `language`."""
    return {
        event: one.language
        for event, one in chosen.items()
        if one.language != language and promises_time(one.text)
    }


def fits(event: Automatic, place: Scope) -> bool:
    """Say whether a setting for an event is looked at there: a survey has no skill of its own."""
    return not (place.skill_id if event in OF_THE_SURVEY else place.connector_id)


def generality(place: Scope) -> int:
    """Return 0 for a line, 1 for a skill or connector, 2 for the account."""
    if place.line_id:
        return 0
    return 1 if place.skill_id or place.connector_id else 2


def check_place(event: Automatic, place: Scope) -> None:
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
