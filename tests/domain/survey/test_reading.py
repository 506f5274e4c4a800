"""Reading answers out of free text, on every scale and in six languages.

The texts stand in `texts/`: one a line, a tab, and what a person would say it is: a score, a
meaning, or `none` for a text that is no rating, whoever should read it.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.survey.kinds import Meaning
from domain.survey.reading import READ_UP_TO, Reading, read
from domain.survey.scales import ONE_TO_FIVE, READY, THUMBS, ZERO_TO_TEN, Scale, ScaleStep, numbers

FACES = Scale(
    name="faces",
    steps=(
        ScaleStep(value=1, label="sad", words=("😿", "triste", "so so")),
        ScaleStep(value=2, label="neutral", words=("🐈",)),
        ScaleStep(value=3, label="Happy as can be!", words=("😻😻", "contento", "5 stars")),
    ),
    satisfied_from=3,
)
SCALES = st.sampled_from([*READY.values(), FACES, numbers(1, 7), numbers(90, 100)])
WORDS = [*"450.,!?/⭐👍👎４é*-", "10", "four", "great", "not", "no", "but", "of", "out", "weeks"]
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
)
NONE = "none"
FILES = {
    **dict.fromkeys(("en", "de", "fr", "es", "pt", "it", "any"), ONE_TO_FIVE),
    **{THUMBS: THUMBS, ZERO_TO_TEN: ZERO_TO_TEN},
}


def judged(file: str) -> dict[str, str]:
    """Return texts with what a person says of them."""
    lines = (Path(__file__).parent / "texts" / f"{file}.txt").read_text("utf8").splitlines()
    pairs = [line.split("\t") for line in lines]
    return {text.replace("\\n", "\n"): said for text, said in pairs}


def either(texts: str) -> list[str]:
    return texts.split("|")


def score(text: str, scale: str | Scale = ONE_TO_FIVE) -> int | None:
    return read(text, READY[scale] if isinstance(scale, str) else scale).score


def meaning(text: str) -> Meaning:
    return read(text, READY[ONE_TO_FIVE]).meaning


@pytest.mark.parametrize("file", FILES)
def test_of_what_is_no_rating_none_becomes_a_score(file: str) -> None:
    others = [text for text, said in judged(file).items() if not said.isdigit()]
    assert {text: score(text, FILES[file]) for text in others} == dict.fromkeys(others)


@pytest.mark.parametrize("file", FILES)
def test_plain_ratings_are_read(file: str) -> None:
    ratings = {text: int(said) for text, said in judged(file).items() if said.isdigit()}
    assert {text: score(text, FILES[file]) for text in ratings} == ratings


@pytest.mark.parametrize("file", FILES)
def test_what_is_no_rating_is_told_apart_by_who_should_see_it(file: str) -> None:
    others = {t: said for t, said in judged(file).items() if not said.isdigit() and said != NONE}
    scale = READY[FILES[file]]
    assert {text: read(text, scale).meaning for text in others} == others


@pytest.mark.parametrize("number", ["2", "four", "vier", "deux", "cinco", "due"])
def test_a_quantity_an_address_or_a_size_is_no_rating_in_any_form(number: str) -> None:
    """Every thing beside every number, in forms that people write."""
    things = either(
        "lamps|Main Street|o'clock|pm|kids|euros|size|Tage|Zimmer|Uhr|Hauptstraße|rue|jours|"
        "chemises|calle|horas|camisas|andar|encomendas|via|ore|camicie"
    )
    forms = either(
        "{n} {x}|{n} {x}!|the {n} {x}|my {n} {x}|{n} {x} please|I need {n} {x}|{x} {n}|{x}, {n}|"
        "{x} number {n}|only {n} {x} came|{n}. {x}|{n}, {x}|{n}: {x}|{n} - {x}|({n}) {x}|{n}-{x}|"
        "{x}\n{n}|{n}\n{x}|at {x} {n}|{n} for {x}|{n} x {x}|{n}th {x}|{n} {x}?|hi {n} {x}"
    )
    texts = [form.format(n=number, x=thing) for form in forms for thing in things]
    assert [text for text in texts if score(text) is not None] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("sad", 1), ("SAD!", 1), ("😿", 1), ("Triste, mucho", None), ("triste, gracias", 1)),
        *(("so-so", 1), ("1", 1), ("neutral", 2), ("🐈", 2), ("happy as can be", 3)),
        *(("😻😻", 3), ("5 stars", 3), ("⭐⭐⭐", 3), ("sad but it was quick", 1)),
        *(("5", None), ("great", None), ("happy", None), ("😻", None), ("sad?", None)),
        *(("sad news", None), ("I am neutral", None), ("3 cats", None), ("sad 3", None)),
    ],
)
def test_an_own_scale_reads_its_labels_and_words(text: str, value: int | None) -> None:
    assert score(text, FACES) == value


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        *(("4", None), ("4!", None), ("4/5", None), ("4 stars, thanks", None)),
        *(("I give it a 4", None), ("4 👍", None), (" 4 but slow ", "4 but slow")),
        *(("good but slow", "good but slow"), ("it's a 4 from me", None)),
        *(("👍 but slow", "👍 but slow"), ("good service, thank you", None)),
        *(("4 good service", "4 good service"), ("4\nslow", "4\nslow"), ("Thanks Ann, 4", None)),
        ("Great help, a bit slow. 4", "Great help, a bit slow. 4"),
    ],
)
def test_what_is_said_besides_the_answer_is_kept(text: str, comment: str | None) -> None:
    assert read(text, READY[ONE_TO_FIVE]) == Reading(Meaning.rating, 4, comment)


@pytest.mark.parametrize(
    "text",
    [
        "5 but please change my address to 12 Baker Street",
        *("4. When does it arrive?", "1 call me", "4 but where is my refund?"),
        *("5, bitte rufen Sie mich an", "3 mais où est mon colis ?", "1, necesito otra lámpara"),
    ],
)
def test_a_rating_may_have_a_request_in_it(text: str) -> None:
    reading = read(text, READY[ONE_TO_FIVE])
    assert (reading.meaning, reading.comment, reading.has_request) == (Meaning.rating, text, True)


@pytest.mark.parametrize(
    "text", ["4", "4 but slow", "great, thanks", "1, nobody helped me", "5 - Ann was great"]
)
def test_a_comment_alone_is_no_request(text: str) -> None:
    reading = read(text, READY[ONE_TO_FIVE])
    assert (reading.meaning, reading.has_request) == (Meaning.rating, False)


@pytest.mark.parametrize("begin", ["4! ", "4 but ", "four, ", "good. But ", "4\n"])
def test_a_text_of_5000_characters_is_an_answer_where_it_plainly_begins_with_one(
    begin: str,
) -> None:
    text = (begin + "I waited 30 weeks for it and called again. " * 200)[:5000]
    assert read(text, READY[ONE_TO_FIVE]) == Reading(Meaning.rating, 4, text.strip(), True)


@pytest.mark.parametrize("begin", ["4 ", "four ", "good ", "", "I waited, 4 "])
def test_other_long_texts_are_none(begin: str) -> None:
    assert score((begin + "people waited with me for my parcel " * 200)[:5000]) is None
    assert score("9" * 5000) is None
    assert score("4" * 5000) is None


@pytest.mark.parametrize("gap", [" ", "\n", "⭐"])
def test_what_is_not_read_is_never_taken_for_the_end(gap: str) -> None:
    assert score("4" + " " * READ_UP_TO + "shirts") is None
    assert score("4 stars" + gap * READ_UP_TO + "hotel") is None


@given(TEXTS, SCALES)
def test_any_text_is_read_as_a_step_of_the_scale_or_not_at_all(text: str, scale: Scale) -> None:
    reading = read(text, scale)
    assert (reading.score in scale.values) == (reading.meaning is Meaning.rating)
    assert reading.comment in (None, text.strip())


@given(TEXTS, SCALES)
def test_case_and_spaces_around_change_nothing(text: str, scale: Scale) -> None:
    assert score(f" {text}\t", scale) == score(text, scale)
    if text.isascii():
        assert score(text.upper(), scale) == score(text.lower(), scale)


@given(st.sampled_from(["4", "4 but slow", "5 no 4", "great", "muy bien", "2 weeks ago"]))
def test_width_changes_nothing(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert score(wide) == score(text)


@given(SCALES.flatmap(lambda scale: st.tuples(st.just(scale), st.sampled_from(scale.values))))
def test_every_value_answers_in_any_digits(case: tuple[Scale, int]) -> None:
    scale, value = case
    for zero in "0٠۰०０":
        digits = "".join(chr(ord(zero) + int(digit)) for digit in str(value))
        assert score(f"{digits}!", scale) == value


@given(st.sampled_from(["2", "five", "⭐⭐", "two stars"]), st.text("abcdefghij", min_size=3))
def test_a_word_directly_behind_a_number_leaves_no_rating_unless_it_is_known(
    number: str, word: str
) -> None:
    if number != "⭐⭐":
        assert score(f"{number} {word}xq") is None
        assert score(f"{word}xq {number}") is None


def test_two_different_numbers_are_an_attempt() -> None:
    for text in ("5 no 4", "3 or 4", "4-5", "4.5", "11", "👎 5", "1 (sehr gut)", "not 5"):
        assert meaning(text) is Meaning.attempt


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
def test_a_grade_at_the_other_end_of_the_scale_contradicts(step: int) -> None:
    words = dict.fromkeys(("awful", "pésimo", "furchtbar"), 1)
    words |= dict.fromkeys(("excellent", "sehr gut", "ottimo"), 5)
    for word, value in words.items():
        for text in (f"{step} {word}", f"{step}, {word}!", f"{step} ({word})", f"{word}, {step}"):
            is_near = abs(step - value) < 2
            assert (score(text) == step) is is_near, text
            assert is_near or meaning(text) is Meaning.attempt, text


@pytest.mark.parametrize(
    "text",
    [
        *("5?", "5 ??", "a 5?", "¿5?", "5 or 4?", "is 5 good?", "⭐⭐⭐⭐⭐?"),
        *("I would give 5 but it never came", "would be 5 if it worked", "5 once it is fixed"),
        *("If it comes tomorrow I'll give you a 5", "could have been a 5", "hätte 5 gegeben"),
        *("je mettrais 5 mais rien n'est arrivé", "daría un 5 pero nunca llegó"),
        *("5 si llega mañana", "seria um 5 se funcionasse", "avrei dato 5", "👍 if it arrives"),
        *("great, now it is broken", "perfect, another delay", "toll, jetzt ist es kaputt"),
        *("5 thanks for nothing", "danke für nichts, 5", "5 merci pour rien"),
    ],
)
def test_a_score_that_is_asked_about_held_back_or_mocked_is_asked_for_again(text: str) -> None:
    assert (score(text), meaning(text)) == (None, Meaning.attempt)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("I'd give it a 4 but it was slow", 4), ("4, would have been 5 but slow", 4)),
        *(("I give you guys a 5", 5), ("Ann deserves a 5", 5), ("5 of course", 5)),
        *(("hmm 3", 3), ("1 sorry to say", 1), ("1 nobody called me back", 1)),
    ],
)
def test_a_score_that_is_given_counts_whatever_could_have_been(text: str, value: int) -> None:
    assert score(text) == value


@pytest.mark.parametrize(
    "text", ["1. Where is my parcel", "2, I need them by Friday", "2, mi servono venerdì"]
)
def test_a_request_that_numbers_or_counts_is_no_rating(text: str) -> None:
    assert (score(text), meaning(text)) == (None, Meaning.request)
