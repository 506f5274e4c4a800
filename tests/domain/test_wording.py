"""Behaviour, section 4: which text holds, and which may be saved."""

import pytest

from domain.errors import Invalid, MessageEmpty, MessageTooLong
from domain.scales import Scale, ScaleStep
from domain.texts.defaults import default_texts
from domain.wording import (
    Place,
    Wording,
    check_place,
    check_text,
    choose,
    other_languages,
    resolve,
)
from domain.words import Automatic

WELCOME = Automatic.welcome
QUESTION = Automatic.survey_question
OURS = {language: default_texts(language)[WELCOME] for language in ("en", "es", "fr", "pt")}
LINE, SKILL, CONNECTOR = Place(line_id="l"), Place(skill_id="s"), Place(connector_id="c")


def _welcome(text: str, **where: str | bool) -> Wording:
    language = str(where.pop("language", "en"))
    places = {name: str(place) for name, place in where.items() if name != "enabled"}
    enabled = bool(where.get("enabled", True))
    return Wording(WELCOME, language, text, enabled, **places)


@pytest.mark.parametrize(
    ("wordings", "text"),
    [
        ([], OURS["es"]),
        ([_welcome("account")], "account"),
        ([_welcome("account"), _welcome("skill", skill_id="support")], "skill"),
        ([_welcome("skill", skill_id="support"), _welcome("line", line_id="l")], "line"),
        ([_welcome("account"), _welcome("cuenta", language="es")], "cuenta"),
        ([_welcome("skill", skill_id="s"), _welcome("cuenta", language="es")], "skill"),
        ([_welcome("compte", language="fr")], OURS["es"]),
        ([_welcome("", skill_id="s", language="fr")], OURS["es"]),
        ([_welcome("account"), _welcome("off", line_id="l", enabled=False)], None),
        ([_welcome("off", enabled=False)], None),
        ([_welcome("off", enabled=False), _welcome("line", line_id="l")], "line"),
        ([_welcome("", skill_id="s"), _welcome("account")], None),
        ([_welcome("connector", connector_id="c")], OURS["es"]),
    ],
    ids=[
        "default",
        "account",
        "skill before account",
        "line before skill",
        "the conversation's language first",
        "place before language",
        "a language nobody speaks here",
        "switched off in a language nobody speaks here",
        "off for the line",
        "off for the account",
        "off for the account, on for the line",
        "empty is off",
        "a connector has texts of the survey only",
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_most_specific_text_that_is_set_decides(
    wordings: list[Wording], text: str | None, order: int
) -> None:
    chosen = resolve(wordings[::order], language="es", default_language="en")
    assert chosen.get(WELCOME) == text


def test_other_events_keep_their_texts() -> None:
    chosen = resolve([_welcome("x", enabled=False)], language="en", default_language="en")
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
    assert resolve(wordings, language="en", default_language="en")[QUESTION] == text


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
    assert resolve([], language=language, default_language=default_language)[WELCOME] == text


def test_a_regions_own_text_comes_before_the_languages() -> None:
    general, regional = _welcome("pt", language="pt"), _welcome("pt-BR", language="pt-BR")
    for order in ([general, regional], [regional, general]):
        assert resolve(order, language="pt-BR", default_language="en")[WELCOME] == "pt-BR"
        assert resolve(order, language="pt", default_language="en")[WELCOME] == "pt"
    assert resolve([general], language="pt-BR", default_language="en")[WELCOME] == "pt"


def test_a_language_without_texts_of_ours_has_those_an_account_set() -> None:
    texts = resolve([_welcome("Welkom", language="nl")], language="nl", default_language="de")
    assert texts[WELCOME] == "Welkom"
    assert texts[Automatic.off_hours] == default_texts("de")[Automatic.off_hours]


def test_what_is_off_by_default_is_sent_once_an_account_words_it() -> None:
    warning = Automatic.auto_close_warning
    assert warning not in resolve([], language="en", default_language="en")
    texts = resolve([Wording(warning, "en", "Soon.")], language="en", default_language="en")
    assert texts[warning] == "Soon."


def test_the_question_follows_the_scale_unless_it_is_set() -> None:
    steps = tuple(ScaleStep(value=n, label=label) for n, label in enumerate(("bad", "good")))
    scale = Scale(name="moods", steps=steps, satisfied_from=1)
    texts = resolve([], language="en", default_language="en", scale=scale)
    assert "bad, good" in texts[QUESTION]
    own = [Wording(QUESTION, "en", "Happy?")]
    assert resolve(own, language="en", default_language="en", scale=scale)[QUESTION] == "Happy?"


def test_a_response_time_keeps_the_language_of_its_text() -> None:
    changed = Automatic.response_time_changed
    chosen = choose(
        [_welcome("Hi"), Wording(changed, "en", "Within {response_time}")],
        language="de",
        default_language="en",
    )
    assert other_languages(chosen, "de") == {changed: "en"}
    assert other_languages(choose([], language="de", default_language="en"), "de") == {}


@pytest.mark.parametrize(
    ("event", "place"),
    [
        *((WELCOME, place) for place in (Place(), LINE, SKILL)),
        *((QUESTION, place) for place in (Place(), LINE, CONNECTOR)),
    ],
)
def test_a_text_may_be_set_where_it_is_looked_for(event: Automatic, place: Place) -> None:
    check_place(event, place)


@pytest.mark.parametrize(
    ("event", "place", "sentence"),
    [
        (WELCOME, CONNECTOR, "Only texts of the survey are set for a connector"),
        (QUESTION, SKILL, "not a skill"),
        (WELCOME, Place(line_id="l", skill_id="s"), "for one"),
        (QUESTION, Place(line_id="l", connector_id="c"), "for one"),
    ],
)
def test_a_text_is_refused_where_nobody_would_look_for_it(
    event: Automatic, place: Place, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        check_place(event, place)


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
