"""The product's own texts: whole, within a segment, and true about what may be answered."""

import re
from string import punctuation

import pytest

from domain.automatic.catalogue import CATALOGUE
from domain.automatic.kinds import Automatic
from domain.automatic.templates import check_template, fill
from domain.automatic.texts.defaults import SETS, default_texts, starting_texts, survey_question
from domain.automatic.wordings import check_text
from domain.consent.keyword import Keyword
from domain.consent.keywords import keyword_in
from domain.languages import SUPPORTED
from domain.survey.reading import read
from domain.survey.scales import READY, THUMBS, ZERO_TO_TEN, Scale, ScaleStep
from domain.text.segments import Encoding, Segments, segments

LONG_NAMES = {
    "brand": "Acme Outdoors Online",
    "skill": "Customer Support",
    "agent": "Christopher",
    "response_time": "23 hours and 59 minutes",
}
EVERY = [(language, event) for language in SUPPORTED for event in Automatic]

IN_UCS2 = {
    ("es", Automatic.survey_resolved),
    ("pt", Automatic.survey_resolved),
    ("pt", Automatic.survey_retry),
}
"""Here a native misses what GSM-7 lacks, and the text is so short that it costs no more."""


def _own(*labels: str) -> Scale:
    steps = tuple(ScaleStep(value=scope, label=label) for scope, label in enumerate(labels))
    return Scale(name="moods", steps=steps, satisfied_from=len(steps) - 1)


def _filled(text: str) -> Segments:
    return segments(fill(text, LONG_NAMES))


def test_every_supported_language_has_a_text_for_every_event() -> None:
    assert set(SETS) == set(SUPPORTED)
    for language in SUPPORTED:
        assert set(starting_texts(language)) == set(Automatic)


@pytest.mark.parametrize(("language", "event"), EVERY)
def test_a_default_text_may_be_saved_as_it_is(language: str, event: Automatic) -> None:
    check_text(event, starting_texts(language)[event])


@pytest.mark.parametrize(("language", "event"), EVERY)
def test_a_default_text_has_the_placeholders_of_the_english_one(
    language: str, event: Automatic
) -> None:
    def placeholders(text: str) -> list[str]:
        return sorted(re.findall(r"\{\w+\}", text))

    text = starting_texts(language)[event]
    assert placeholders(text) == placeholders(starting_texts("en")[event])


@pytest.mark.parametrize(("language", "event"), EVERY)
def test_a_default_text_fits_one_segment_also_with_long_names(
    language: str, event: Automatic
) -> None:
    size = _filled(starting_texts(language)[event])
    assert size.count == 1, size


def test_only_these_default_texts_leave_gsm_7() -> None:
    found = {
        (language, event)
        for language, event in EVERY
        if _filled(starting_texts(language)[event]).encoding is Encoding.ucs2
    }
    assert found == IN_UCS2


@pytest.mark.parametrize("language", SUPPORTED)
@pytest.mark.parametrize("scale", READY)
def test_the_question_fits_its_scale_and_one_segment(language: str, scale: str) -> None:
    ready = READY[scale]
    question = survey_question(language, ready)
    named = {"one_to_five": ("1", "5"), "zero_to_ten": ("0", "10"), "thumbs": ("👍", "👎")}[scale]
    for text in (question.ask, question.retry):
        assert all(re.search(rf"(?<!\d){end}(?!\d)", text) for end in named)
        assert all(read(end, ready).score is not None for end in named)
        check_template(text)
        assert segments(text).count == 1
    texts = default_texts(language, ready)
    assert texts[Automatic.survey_question] == question.ask
    assert texts[Automatic.survey_retry] == question.retry


@pytest.mark.parametrize("language", SUPPORTED)
def test_a_scale_of_their_own_is_asked_for_by_its_labels(language: str) -> None:
    question = survey_question(language, _own("poor", "fine", "great"))
    assert "poor, fine, great" in question.ask
    assert "poor, fine, great" in question.retry
    assert "{" not in question.ask + question.retry


@pytest.mark.parametrize("language", SUPPORTED)
def test_many_labels_are_shortened_to_the_ends_of_the_scale(language: str) -> None:
    question = survey_question(language, _own(*(f"answer number {n}" for n in range(20))))
    for text in (question.ask, question.retry):
        assert "answer number 0 ... answer number 19" in text
        assert len(text) <= 256
    assert len(survey_question(language, _own("a" * 300, "b" * 300)).ask) == 256


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_words_a_text_names_work(language: str) -> None:
    texts = starting_texts(language)
    named = {
        Automatic.first_welcome: {Keyword.stop, Keyword.help},
        Automatic.first_welcome_off_hours: {Keyword.stop, Keyword.help},
        Automatic.opted_out: {Keyword.start},
        Automatic.opted_in: {Keyword.stop, Keyword.help},
        Automatic.help: {Keyword.stop},
    }
    for event, keywords in named.items():
        words = [word.strip(punctuation) for word in texts[event].split()]
        shouted = [word for word in words if word.isupper() and word not in ("SMS", "{", "À")]
        meant = {keyword_in(word, is_opted_out=True) for word in shouted}
        assert meant == keywords, texts[event]


YES_AND_NO = {
    **{"en": ("YES", "NO"), "de": ("JA", "NEIN"), "fr": ("OUI", "NON")},
    **{"es": ("SÍ", "NO"), "pt": ("SIM", "NÃO"), "it": ("sì", "no")},
}


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_answers_that_follow_up_questions_name_are_read(language: str) -> None:
    texts = starting_texts(language)
    for value, answer in zip((1, 0), YES_AND_NO[language], strict=True):
        assert re.search(rf"\b{answer}\b", texts[Automatic.survey_resolved])
        assert read(answer, READY[THUMBS]).score == value
    for number in ("0", "10"):
        assert re.search(rf"\b{number}\b", texts[Automatic.survey_recommend])
        assert read(number, READY[ZERO_TO_TEN]).score == int(number)


def test_a_label_is_no_placeholder() -> None:
    question = survey_question("en", _own("{agent}", "b"))
    assert question.ask.endswith(": (agent), b.")


@pytest.mark.parametrize("language", SUPPORTED)
def test_a_message_off_by_default_has_a_text_to_start_from(language: str) -> None:
    off = {event for event, row in CATALOGUE.items() if not row.is_on}
    assert set(default_texts(language)) == set(Automatic) - off
    assert set(starting_texts(language)) == set(Automatic)


def test_a_region_and_a_language_without_texts_have_those_that_are_nearest() -> None:
    assert default_texts("pt-BR") == default_texts("pt")
    assert default_texts("nl") == default_texts("en")


def test_languages_share_no_sentence_by_mistake() -> None:
    for event in Automatic:
        texts = [starting_texts(language)[event] for language in SUPPORTED]
        assert len(set(texts)) == len(texts)
