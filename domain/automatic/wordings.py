"""The text of each automatic message: the most specific one in the consumer's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.automatic.catalogue import CATALOGUE, OF_THE_SURVEY
from domain.automatic.kinds import Automatic
from domain.automatic.templates import check_template, promises_time
from domain.automatic.texts.defaults import starting_texts
from domain.errors import Invalid
from domain.language_settings import TextPrecedence
from domain.languages import is_supported, nearest, stand_ins
from domain.settings.resolution import (
    PRODUCT,
    PassedOver,
    PassedOverReason,
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
    """The text of an event, its language, and whether it is sent (`enabled`).

    `switched_by`: the setting whose switch holds, when the words are the product's own.
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
    """Id of its row."""

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
    """The languages texts are looked for in: the conversation's, then the account's `default`.

    `precedence` is `TextPrecedence.scope` if the account prefers the text of a line, skill or
    connector in any language to a more general text in the consumer's language.
    """

    language: str
    default: str
    precedence: TextPrecedence = TextPrecedence.language


def choose(
    wordings: Iterable[Wording], languages: TextLanguages, scale: Scale | None = None
) -> dict[Automatic, Text]:
    """Return the texts that are switched on, from wordings that all reach one conversation."""
    resolved = resolve_texts(wordings, languages, scale)
    return {event: text.value for event, text in resolved.items() if text.value.enabled}


def resolve_texts(
    wordings: Iterable[Wording], languages: TextLanguages, scale: Scale | None = None
) -> dict[Automatic, Resolved[Text]]:
    """Return the text of each event, from wordings that all reach one conversation.

    The conversation's language comes first: a text for the line, then for the skill (the connector
    for texts of the survey), then for the account, then the product's own. The account's language
    follows in the same order, and English comes last. If the scope goes first, scope decides before
    language, and the product's own texts come last. The first text found decides, even if it is
    switched off. `scale` is the scale the survey asks on.
    """
    set_for: dict[Automatic, list[Wording]] = {}
    for wording in wordings:
        if fits(wording.event, wording.scope):
            set_for.setdefault(wording.event, []).append(wording)
    every = [wording for wordings_set in set_for.values() for wording in wordings_set]
    reading = _LanguagesRead(
        languages, _serving(languages.language, every), _serving(languages.default, every)
    )
    own = nearest(languages.language, languages.default)
    ours = starting_texts(own, scale)
    return {
        event: _resolved(set_for.get(event, ()), reading, Text(ours[event], own, row.is_on))
        for event, row in CATALOGUE.items()
    }


@dataclass(frozen=True)
class _LanguagesRead:
    """Languages that may be used, best first: those of the consumer, and of the account."""

    languages: TextLanguages
    consumers: tuple[str, ...]
    default: tuple[str, ...]

    @property
    def accepted(self) -> tuple[str, ...]:
        """Return the languages of wordings that may hold.

        Without a text of the product's in the consumer's language, the account's own texts come
        before the product's English ones.
        """
        by_language = self.languages.precedence is TextPrecedence.language
        if by_language and is_supported(self.languages.language):
            return self.consumers
        return tuple(dict.fromkeys((*self.consumers, *self.default)))

    def choose_from(
        self, set_for: Sequence[Wording], languages: Sequence[str], ours: Text
    ) -> Resolved[Text]:
        """Return the text that holds among those in `languages`, which stand best first."""

        def rank(source: Source) -> Rank:
            language, scope = languages.index(source.language or ""), generality(source.scope)
            is_by_scope = self.languages.precedence is TextPrecedence.scope
            return (scope, language) if is_by_scope else (language, scope)

        return resolve(
            [wording.setting for wording in set_for if wording.language in languages], ours, rank
        )


def _resolved(set_for: Sequence[Wording], reading: _LanguagesRead, ours: Text) -> Resolved[Text]:
    found = reading.choose_from(set_for, reading.accepted, ours)
    general = reading.choose_from(set_for, reading.default, ours)
    if found.source == PRODUCT and general.source != PRODUCT:
        # The switch is for the event: off in the account's language means off in unset languages.
        switched = replace(ours, enabled=general.value.enabled, switched_by=general.source)
        found = replace(found, value=switched)
    foreign = [
        PassedOver(wording.setting.source, PassedOverReason.other_language)
        for wording in set_for
        if wording.language not in reading.accepted
    ]
    return replace(found, passed_over=(*found.passed_over, *foreign))


def _serving(code: str, wordings: Sequence[Wording]) -> tuple[str, ...]:
    """Return the codes that serve a language, best first: for `pt` also a `pt-BR` that is set."""
    regional = {wording.language for wording in wordings if stand_ins(wording.language)[-1] == code}
    return tuple(dict.fromkeys([*stand_ins(code), *sorted(regional)]))


def other_languages(chosen: Mapping[Automatic, Text], language: str) -> dict[Automatic, str]:
    """Return the language of each text with a response time, unless it is `language`."""
    return {
        event: text.language
        for event, text in chosen.items()
        if text.language != language and promises_time(text.text)
    }


def fits(event: Automatic, scope: Scope) -> bool:
    """Say whether an event has settings for a scope: texts of the survey have none for skills."""
    return not (scope.skill_id if event in OF_THE_SURVEY else scope.connector_id)


def check_scope(event: Automatic, scope: Scope) -> None:
    """Raise `Invalid` for a scope without settings for the event, or for two scopes at once."""
    if sum(map(bool, (scope.line_id, scope.skill_id, scope.connector_id))) > 1:
        raise Invalid("A setting is for one of these: a line, a skill, a connector, or all.")
    if fits(event, scope):
        return
    if event in OF_THE_SURVEY:
        raise Invalid("A text of the survey is set for a line, a connector or all, not a skill.")
    raise Invalid("Only texts of the survey are set for a connector.")


def check_text(event: Automatic, text: str) -> None:
    """Raise `Invalid`, `MessageEmpty` or `MessageTooLong` for a text that must not be saved."""
    check_outgoing(text)
    check_template(text)
    if CATALOGUE[event].is_question and (length := units(text)) > SURVEY_QUESTION:
        raise Invalid(f"The question has {length} characters; {SURVEY_QUESTION} are allowed.")
