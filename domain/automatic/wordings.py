"""Which text an automatic message has: in the consumer's language, the most specific one set."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.automatic.catalogue import CATALOGUE, OF_THE_SURVEY
from domain.automatic.kinds import Automatic
from domain.automatic.templates import check_template, promises_time
from domain.automatic.texts.defaults import starting_texts
from domain.errors import Invalid
from domain.language_settings import TextsFirst
from domain.languages import is_supported, nearest, stand_ins
from domain.settings.resolution import (
    PRODUCT,
    Because,
    PassedOver,
    Rank,
    Resolved,
    Setting,
    Source,
    resolve,
)
from domain.settings.scope import Scope, generality
from domain.survey.scales import Scale
from domain.text.limits import SURVEY_QUESTION, check_outgoing, units


@dataclass(frozen=True)
class Text:
    """What is said on an event, if it is `enabled`, and in which language it is.

    `switched_by`: whose switch holds, where the words are the product's own.
    """

    text: str
    language: str
    enabled: bool = True
    switched_by: Source | None = None


@dataclass(frozen=True)
class Wording:
    """A text an account set, for one scope and language."""

    event: Automatic
    language: str
    text: str
    enabled: bool = True
    line_id: str | None = None
    skill_id: str | None = None
    connector_id: str | None = None
    id: int | None = field(default=None, compare=False)
    """Of its row."""

    @property
    def scope(self) -> Scope:
        return Scope(self.line_id, self.skill_id, self.connector_id)

    @property
    def is_on(self) -> bool:
        return self.enabled and bool(self.text)

    @property
    def setting(self) -> Setting[Text]:
        source = Source.of(self.scope, self.id, self.language)
        return Setting(Text(self.text, self.language, self.is_on), source)


@dataclass(frozen=True)
class TextLanguages:
    """What decides the language of texts: the conversation's, the account's, and which goes first.

    `first` is `TextsFirst.scope` where an account wants the words of a line, skill or connector in
    whatever language before its other texts in the consumer's.
    """

    language: str
    default: str
    first: TextsFirst = TextsFirst.language


def choose(
    wordings: Iterable[Wording], tongue: TextLanguages, scale: Scale | None = None
) -> dict[Automatic, Text]:
    """Return the texts that are on, of wordings that all reach one conversation."""
    resolved = resolve_texts(wordings, tongue, scale)
    return {event: one.value for event, one in resolved.items() if one.value.enabled}


def resolve_texts(
    wordings: Iterable[Wording], tongue: TextLanguages, scale: Scale | None = None
) -> dict[Automatic, Resolved[Text]]:
    """Return what is said on each event, of wordings that all reach one conversation.

    The conversation's language first: a text for the line, then the skill (connector for texts of
    the survey), then the account, then the product's own. Only then the account's language in the
    same order, and English last. Where the scope goes first it is the other way round, and the
    product's own texts come last. The first text found decides, also that nothing is sent; `scale`
    is what the survey asks for.
    """
    set_for: dict[Automatic, list[Wording]] = {}
    for one in wordings:
        if fits(one.event, one.scope):
            set_for.setdefault(one.event, []).append(one)
    every = [one for some in set_for.values() for one in some]
    reading = _Reading(tongue, _spoken(tongue.language, every), _spoken(tongue.default, every))
    own = nearest(tongue.language, tongue.default)
    ours = starting_texts(own, scale)
    return {
        event: _resolved(set_for.get(event, ()), reading, Text(ours[event], own, row.is_on))
        for event, row in CATALOGUE.items()
    }


@dataclass(frozen=True)
class _Reading:
    """The languages that are read, best first: the consumer's, and the account's."""

    tongue: TextLanguages
    spoken: tuple[str, ...]
    default: tuple[str, ...]

    @property
    def accepted(self) -> tuple[str, ...]:
        """Without a text of ours in the language, the account's words come before our English."""
        by_language = self.tongue.first is TextsFirst.language
        if by_language and is_supported(self.tongue.language):
            return self.spoken
        return tuple(dict.fromkeys((*self.spoken, *self.default)))

    def choose_from(
        self, set_for: Sequence[Wording], languages: Sequence[str], ours: Text
    ) -> Resolved[Text]:
        """Return the text that holds of those in some languages, the best of them first."""

        def rank(source: Source) -> Rank:
            language, scope = languages.index(source.language or ""), generality(source.scope)
            is_by_scope = self.tongue.first is TextsFirst.scope
            return (scope, language) if is_by_scope else (language, scope)

        return resolve([one.setting for one in set_for if one.language in languages], ours, rank)


def _resolved(set_for: Sequence[Wording], reading: _Reading, ours: Text) -> Resolved[Text]:
    found = reading.choose_from(set_for, reading.accepted, ours)
    general = reading.choose_from(set_for, reading.default, ours)
    if found.source == PRODUCT and general.source != PRODUCT:
        # The switch is the event's: off in the account's language is off in those not set.
        switched = replace(ours, enabled=general.value.enabled, switched_by=general.source)
        found = replace(found, value=switched)
    foreign = [
        PassedOver(one.setting.source, Because.other_language)
        for one in set_for
        if one.language not in reading.accepted
    ]
    return replace(found, passed_over=(*found.passed_over, *foreign))


def _spoken(code: str, wordings: Sequence[Wording]) -> tuple[str, ...]:
    """Return what is read as a language, best first; to `pt` a `pt-BR` that somebody has set."""
    regional = {one.language for one in wordings if stand_ins(one.language)[-1] == code}
    return tuple(dict.fromkeys([*stand_ins(code), *sorted(regional)]))


def other_languages(chosen: Mapping[Automatic, Text], language: str) -> dict[Automatic, str]:
    """Return the languages of texts whose response time is not to be worded in `language`."""
    return {
        event: one.language
        for event, one in chosen.items()
        if one.language != language and promises_time(one.text)
    }


def fits(event: Automatic, scope: Scope) -> bool:
    """Say whether a setting for an event is looked at there: a survey has no skill of its own."""
    return not (scope.skill_id if event in OF_THE_SURVEY else scope.connector_id)


def check_scope(event: Automatic, scope: Scope) -> None:
    """Raise `Invalid` for a scope an event has no setting for, or for two scopes at once."""
    if sum(map(bool, (scope.line_id, scope.skill_id, scope.connector_id))) > 1:
        raise Invalid("A setting is for a line, for a skill, for a connector or for all: for one.")
    if fits(event, scope):
        return
    if event in OF_THE_SURVEY:
        raise Invalid("A text of the survey is set for a line, a connector or all, not a skill.")
    raise Invalid("Only texts of the survey are set for a connector.")


def check_text(event: Automatic, text: str) -> None:
    """Raise `Invalid` or `MessageTooLong` for a text of an event that must not be saved."""
    check_outgoing(text)
    check_template(text)
    if CATALOGUE[event].is_question and (length := units(text)) > SURVEY_QUESTION:
        raise Invalid(f"The question has {length} characters; {SURVEY_QUESTION} are allowed.")
