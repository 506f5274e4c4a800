"""Behaviour, section 4: which text holds, and which texts may be saved."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.automatic.kinds import Automatic
from domain.automatic.texts.defaults import default_texts, starting_texts
from domain.automatic.wordings import (
    TextLanguages,
    Wording,
    check_scope,
    check_text,
    choose,
    other_languages,
)
from domain.errors import Invalid, MessageEmpty, MessageTooLong
from domain.language_settings import TextPrecedence
from domain.languages import SUPPORTED
from domain.settings.scope import Scope
from domain.survey.scales import Scale, ScaleStep

WELCOME = Automatic.welcome
QUESTION = Automatic.survey_question
OURS = {language: default_texts(language)[WELCOME] for language in ("en", "es", "fr", "pt")}
LINE, SKILL, CONNECTOR = Scope(line_id="l"), Scope(skill_id="s"), Scope(connector_id="c")


def resolve(
    wordings: Iterable[Wording], tongue: TextLanguages, scale: Scale | None = None
) -> dict[Automatic, str]:
    """Return the texts that are on."""
    return {event: one.text for event, one in choose(wordings, tongue, scale).items()}


def _welcome(text: str, **where: str | bool) -> Wording:
    language = str(where.pop("language", "en"))
    scopes = {name: str(scope) for name, scope in where.items() if name != "enabled"}
    enabled = bool(where.get("enabled", True))
    of = Scope(**scopes)
    return Wording(WELCOME, language, text, enabled, of.line_id, of.skill_id, of.connector_id)


FIRST_BY_LANGUAGE_AND_PLACE = [
    ("default", [], OURS["es"], OURS["es"]),
    ("account, in its language only", [_welcome("account")], OURS["es"], "account"),
    (
        "skill before account",
        [_welcome("cuenta", language="es"), _welcome("equipo", skill_id="s", language="es")],
        "equipo",
        "equipo",
    ),
    (
        "line before skill",
        [
            _welcome("equipo", skill_id="s", language="es"),
            _welcome("línea", line_id="l", language="es"),
        ],
        "línea",
        "línea",
    ),
    (
        "two languages for the account",
        [_welcome("account"), _welcome("cuenta", language="es")],
        "cuenta",
        "cuenta",
    ),
    (
        "another language in a scope of its own",
        [_welcome("skill", skill_id="s"), _welcome("cuenta", language="es")],
        "cuenta",
        "skill",
    ),
    (
        "a language nobody speaks here",
        [_welcome("compte", language="fr")],
        OURS["es"],
        OURS["es"],
    ),
    (
        "switched off in a language nobody speaks here",
        [_welcome("non", skill_id="s", language="fr", enabled=False)],
        OURS["es"],
        OURS["es"],
    ),
    (
        "off for the line",
        [_welcome("account"), _welcome("off", line_id="l", enabled=False)],
        None,
        None,
    ),
    ("off for the account", [_welcome("off", enabled=False)], None, None),
    (
        "off for the account, on for the line",
        [_welcome("off", enabled=False), _welcome("line", line_id="l")],
        OURS["es"],
        "line",
    ),
    (
        "off in the account's language, set in the consumer's",
        [_welcome("off", enabled=False), _welcome("cuenta", language="es")],
        "cuenta",
        "cuenta",
    ),
    ("empty is off", [_welcome("", skill_id="s"), _welcome("account")], None, None),
    (
        "a connector has texts of the survey only",
        [_welcome("conector", connector_id="c", language="es")],
        OURS["es"],
        OURS["es"],
    ),
]


@pytest.mark.parametrize(
    ("wordings", "by_language", "by_place"),
    [case[1:] for case in FIRST_BY_LANGUAGE_AND_PLACE],
    ids=[case[0] for case in FIRST_BY_LANGUAGE_AND_PLACE],
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_most_specific_text_in_the_consumers_language_decides(
    wordings: list[Wording], by_language: str | None, by_place: str | None, order: int
) -> None:
    tongue = TextLanguages("es", "en")
    assert resolve(wordings[::order], tongue).get(WELCOME) == by_language
    assert (
        resolve(wordings[::order], replace(tongue, precedence=TextPrecedence.scope)).get(WELCOME)
        == by_place
    )


PLACES = [{}, {"line_id": "l"}, {"skill_id": "s"}, {"connector_id": "c"}]
SETTINGS = some.builds(
    lambda event, language, enabled, scope: Wording(event, language, "x", enabled, **scope),
    some.sampled_from(list(Automatic)),
    some.sampled_from(["en", "de", "pt", "pt-BR", "nl", "zh-Hant"]),
    some.booleans(),
    some.sampled_from(PLACES),
)


@pytest.mark.parametrize("language", SUPPORTED)
@pytest.mark.parametrize("region", ["", "-XX"])
@given(
    some.lists(SETTINGS, unique_by=lambda one: (one.event, one.language, one.scope)),
    some.sampled_from([*SUPPORTED, "nl"]),
)
def test_a_conversation_in_a_language_of_ours_speaks_no_other(
    language: str, region: str, wordings: list[Wording], default: str
) -> None:
    chosen = choose(wordings, TextLanguages(language + region, default))
    assert {one.language.partition("-")[0] for one in chosen.values()} <= {language}


def test_a_language_without_texts_of_ours_is_answered_in_the_accounts_words() -> None:
    wordings = [
        _welcome("line", line_id="l"),
        _welcome("Willkommen", language="de"),
        Wording(Automatic.off_hours, "nl", "Gesloten"),
    ]
    chosen = resolve(wordings, TextLanguages("nl", "de"))
    assert chosen[WELCOME] == "Willkommen"
    assert chosen[Automatic.off_hours] == "Gesloten"
    assert chosen[Automatic.help] == default_texts("de")[Automatic.help]


def test_the_survey_asks_in_the_language_that_the_account_has_set() -> None:
    wordings = [
        Wording(QUESTION, "en", "How was it?", connector_id="c"),
        Wording(QUESTION, "de", "Wie war es?"),
    ]
    assert resolve(wordings, TextLanguages("de", "en"))[QUESTION] == "Wie war es?"
    by_place = TextLanguages("de", "en", TextPrecedence.scope)
    assert resolve(wordings, by_place)[QUESTION] == "How was it?"


def test_other_events_keep_their_texts() -> None:
    chosen = resolve([_welcome("x", enabled=False)], TextLanguages("en", "en"))
    ours = default_texts("en")
    assert chosen == {event: text for event, text in ours.items() if event is not WELCOME}


@pytest.mark.parametrize(
    ("wordings", "text"),
    [
        ([Wording(QUESTION, "en", "account")], "account"),
        (
            [
                Wording(QUESTION, "en", "account"),
                Wording(QUESTION, "en", "connector", connector_id="c"),
            ],
            "connector",
        ),
        (
            [
                Wording(QUESTION, "en", "line", line_id="l"),
                Wording(QUESTION, "en", "connector", connector_id="c"),
            ],
            "line",
        ),
        (
            [
                Wording(QUESTION, "en", "account"),
                Wording(QUESTION, "en", "skill", skill_id="s"),
            ],
            "account",
        ),
    ],
    ids=["account", "connector before account", "line before connector", "never the skill"],
)
def test_the_survey_asks_by_line_connector_and_account(wordings: list[Wording], text: str) -> None:
    assert resolve(wordings, TextLanguages("en", "en"))[QUESTION] == text


@pytest.mark.parametrize(
    ("language", "default_language", "text"),
    [
        ("pt-BR", "en", OURS["pt"]),
        ("nl", "fr-CA", OURS["fr"]),
        ("nl", "pl", OURS["en"]),
    ],
    ids=["a region", "the account's language", "English"],
)
def test_after_what_is_set_come_our_texts_in_the_nearest_language(
    language: str, default_language: str, text: str
) -> None:
    assert resolve([], TextLanguages(language, default_language))[WELCOME] == text


def test_a_regions_own_text_comes_before_the_languages() -> None:
    general, regional = _welcome("pt", language="pt"), _welcome("pt-BR", language="pt-BR")
    for order in ([general, regional], [regional, general]):
        assert resolve(order, TextLanguages("pt-BR", "en"))[WELCOME] == "pt-BR"
        assert resolve(order, TextLanguages("pt", "en"))[WELCOME] == "pt"
    assert resolve([general], TextLanguages("pt-BR", "en"))[WELCOME] == "pt"


def test_a_region_that_is_set_is_read_as_its_language() -> None:
    regional = [_welcome("oi", language="pt-BR"), _welcome("account")]
    assert resolve(regional, TextLanguages("pt", "en"))[WELCOME] == "oi"
    assert resolve(regional, TextLanguages("pt-PT", "en"))[WELCOME] == OURS["pt"]


def test_a_script_falls_back_to_its_language_and_not_to_another_script() -> None:
    taiwan = TextLanguages("zh-Hant-TW", "en")
    wordings = [_welcome("Hi"), _welcome("您好", language="zh-Hans")]
    assert resolve(wordings, taiwan)[WELCOME] == "Hi"
    assert resolve([*wordings, _welcome("嗨", language="zh")], taiwan)[WELCOME] == "嗨"
    assert resolve([*wordings, _welcome("哈囉", language="zh-Hant")], taiwan)[WELCOME] == "哈囉"


def test_a_language_without_texts_of_ours_has_those_an_account_set() -> None:
    texts = resolve([_welcome("Welkom", language="nl")], TextLanguages("nl", "de"))
    assert texts[WELCOME] == "Welkom"
    assert texts[Automatic.off_hours] == default_texts("de")[Automatic.off_hours]


def test_a_message_off_by_default_is_sent_once_an_account_sets_its_text() -> None:
    warning = Automatic.auto_close_warning
    assert warning not in resolve([], TextLanguages("en", "en"))
    worded = [Wording(warning, "en", "Soon.")]
    assert resolve(worded, TextLanguages("en", "en"))[warning] == "Soon."
    in_french = resolve(worded, TextLanguages("fr", "en"))
    assert in_french[warning] == starting_texts("fr")[warning]


def test_the_question_follows_the_scale_unless_it_is_set() -> None:
    steps = tuple(ScaleStep(value=n, label=label) for n, label in enumerate(("bad", "good")))
    scale = Scale(name="moods", steps=steps, satisfied_from=1)
    texts = resolve([], TextLanguages("en", "en"), scale)
    assert "bad, good" in texts[QUESTION]
    own = [Wording(QUESTION, "en", "Happy?")]
    assert resolve(own, TextLanguages("en", "en"), scale)[QUESTION] == "Happy?"


def test_a_response_time_keeps_the_language_of_its_text() -> None:
    changed = Automatic.response_time_changed
    chosen = choose(
        [_welcome("Hi"), Wording(changed, "en", "Within {response_time}")],
        TextLanguages("de", "en", TextPrecedence.scope),
    )
    assert other_languages(chosen, "de") == {changed: "en"}
    assert other_languages(choose([], TextLanguages("de", "en")), "de") == {}


@pytest.mark.parametrize(
    ("event", "scope"),
    [
        *((WELCOME, scope) for scope in (Scope(), LINE, SKILL)),
        *((QUESTION, scope) for scope in (Scope(), LINE, CONNECTOR)),
    ],
)
def test_a_text_may_be_set_where_it_is_looked_for(event: Automatic, scope: Scope) -> None:
    check_scope(event, scope)


@pytest.mark.parametrize(
    ("event", "scope", "sentence"),
    [
        (WELCOME, CONNECTOR, "Only texts of the survey are set for a connector"),
        (QUESTION, SKILL, "not a skill"),
        (WELCOME, Scope(line_id="l", skill_id="s"), "for one"),
        (QUESTION, Scope(line_id="l", connector_id="c"), "for one"),
    ],
)
def test_a_text_is_refused_where_nobody_would_look_for_it(
    event: Automatic, scope: Scope, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        check_scope(event, scope)


@pytest.mark.parametrize("text", ["x" * 1600, "{agent} will write within {response_time}"])
def test_a_text_within_the_limits_may_be_saved(text: str) -> None:
    check_text(WELCOME, text)


@pytest.mark.parametrize(
    ("event", "text", "error", "sentence"),
    [
        (WELCOME, "x" * 1601, MessageTooLong, "1601"),
        (WELCOME, " ", MessageEmpty, "empty"),
        (WELCOME, "{name}", Invalid, "Unknown placeholder"),
        (QUESTION, "x" * 257, Invalid, "257 characters; 256"),
        (Automatic.survey_comment, "x" * 257, Invalid, "257 characters; 256"),
    ],
)
def test_a_text_outside_the_limits_is_refused(
    event: Automatic, text: str, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        check_text(event, text)


def test_thanks_are_no_question() -> None:
    check_text(Automatic.survey_thanks, "x" * 257)
