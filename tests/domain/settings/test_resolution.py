"""Which of several settings holds, and why the others do not."""

from hypothesis import given
from hypothesis import strategies as some

from domain.automatic.kinds import Automatic
from domain.automatic.wordings import TextLanguages, Wording, choose, resolve_texts
from domain.language_settings import TextPrecedence
from domain.settings.resolution import (
    PRODUCT,
    PassedOverReason,
    Setting,
    Source,
    of_skill_or_account,
    resolve,
)
from domain.settings.scope import Origin, Scope, generality, reaches

PLACES = [Scope(), Scope(line_id="l"), Scope(skill_id="s"), Scope(connector_id="c")]
AROUND = Scope("l", "s", "c")
ELSEWHERE = [Scope(line_id="other"), Scope(skill_id="other"), Scope(connector_id="other")]


def test_the_most_specific_setting_holds_and_the_others_are_told_in_their_order() -> None:
    settings = [Setting(number, Source.of(scope, number)) for number, scope in enumerate(PLACES)]
    held = resolve(settings[:3], 9)
    assert (held.value, held.origin, held.source.id) == (1, Origin.line, 1)
    assert [one.source.origin for one in held.passed_over] == [Origin.skill, Origin.account]
    assert {one.because for one in held.passed_over} == {PassedOverReason.less_specific}


def test_the_products_default_holds_if_nothing_is_set() -> None:
    held = resolve([], 9)
    assert (held.value, held.source, held.passed_over) == (9, PRODUCT, ())
    assert held.origin is Origin.default


def test_zero_is_a_value_and_none_is_not_set() -> None:
    assert of_skill_or_account("s", 0, 5, 9).value == 0
    assert of_skill_or_account("s", None, 5, 9).origin is Origin.account
    assert of_skill_or_account("s", None, None, 9).value == 9


def test_a_setting_reaches_what_it_is_for() -> None:
    assert all(reaches(scope, AROUND) for scope in PLACES)
    assert not any(reaches(scope, AROUND) for scope in ELSEWHERE)
    assert [scope for scope in PLACES if reaches(scope, Scope())] == [Scope()]


@given(some.lists(some.sampled_from(PLACES), unique=True))
def test_nothing_that_was_set_is_forgotten(scopes: list[Scope]) -> None:
    held = resolve([Setting(scope, Source.of(scope)) for scope in scopes], Scope("default"))
    told = [held.source.scope, *(one.source.scope for one in held.passed_over)]
    if scopes:
        assert set(told) == set(scopes)
        assert [generality(scope) for scope in told] == sorted(generality(one) for one in scopes)


WORDINGS = some.lists(
    some.builds(
        lambda event, language, on, of: Wording(
            event, language, "x", on, of.line_id, of.skill_id, of.connector_id
        ),
        some.sampled_from([Automatic.welcome, Automatic.survey_question]),
        some.sampled_from(["en", "de", "pt", "pt-BR", "nl"]),
        some.booleans(),
        some.sampled_from(PLACES),
    ),
    unique_by=lambda one: (one.event, one.language, one.scope),
)
TONGUES = some.builds(
    TextLanguages,
    some.sampled_from(["en", "de", "pt-BR", "nl"]),
    some.sampled_from(["en", "de", "nl"]),
    some.sampled_from(list(TextPrecedence)),
)


@given(WORDINGS, TONGUES)
def test_every_text_of_an_event_is_told_of_once_and_their_order_means_nothing(
    wordings: list[Wording], tongue: TextLanguages
) -> None:
    held = resolve_texts(wordings, tongue)
    for event in (Automatic.welcome, Automatic.survey_question):
        of_event = [one.setting.source for one in wordings if one.event is event]
        known = [source for source in of_event if _is_looked_at(event, source)]
        told = [held[event].source, *(one.source for one in held[event].passed_over)]
        assert {one for one in told if one != PRODUCT} == set(known)
        assert len(told) == len(known) + (held[event].source == PRODUCT)
    assert resolve_texts(wordings[::-1], tongue).keys() == held.keys()
    assert choose(wordings[::-1], tongue) == choose(wordings, tongue)


def _is_looked_at(event: Automatic, source: Source) -> bool:
    other = Origin.connector if event is Automatic.welcome else Origin.skill
    return source.origin is not other


def test_a_text_of_ours_that_an_account_switched_off_says_by_what() -> None:
    off = Wording(Automatic.welcome, "en", "", enabled=False, id=7)
    held = resolve_texts([off], TextLanguages("de", "en"))[Automatic.welcome]
    assert (held.origin, held.value.enabled) == (Origin.default, False)
    assert held.value.switched_by == off.setting.source
    assert [one.because for one in held.passed_over] == [PassedOverReason.other_language]
