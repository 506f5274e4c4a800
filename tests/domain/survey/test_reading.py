"""Reading answers out of free text, on every scale and in six languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.scales import ONE_TO_FIVE, READY, THUMBS, ZERO_TO_TEN, Scale, ScaleStep, numbers
from domain.survey.rating import Rating
from domain.survey.reading import is_request, read_on
from domain.survey.tokens import NOT_WHOLE, tokens_of

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
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            [*"450.,!?/⭐👍👎４é", "10", "four", "great", "not", "no", "but", "of", "out", "weeks"]
        ),
        max_size=12,
    ).map(" ".join),
)


def either(texts: str) -> list[str]:
    return texts.split("|")


def score(text: str, scale: str | Scale = ONE_TO_FIVE) -> int | None:
    rating = read_on(text, READY[scale] if isinstance(scale, str) else scale)
    return rating.score if rating else None


@pytest.mark.parametrize(
    "text",
    either(
        "4|4!| 4 |(4)|#4|04|4.|four|FOUR!|４|٤|۴|४|④|4️⃣|4 😀|4 stars|4/5|4 of 5|4 out of 5|"
        "4 out of 5 stars|4 von 5|4 sur 5|4 de 5|4 su 5|4 but slow|4 - slow|4, slow|4\nslow|"
        "4 because I waited 20 minutes|4 but I called 3 times|"
        "four but slow|I give it a 4|I'd say 4|"
        "my rating is 4|it was a 4|ich gebe 4|je donne 4|le doy un 4|4 4|4?|hi 4|too slow, 4|"
        "vier|quatre|cuatro|quatro|quattro|quattro!|vier Sterne|quatre étoiles|cuatro estrellas|"
        "quatro estrelas|quattro stelle|⭐⭐⭐⭐|⭐️⭐️⭐️⭐️|"
        "⭐ ⭐ ⭐ ⭐|★★★★☆|🌟🌟🌟🌟 slow|👍|👍🏽|👍👍|🙂|"
        "good|Good!|GOOD.|good, thanks|good service|it was good|gut|"
        "war gut|zufrieden|bien|bon|bueno|"
        "buena|bom|buono|bene|satisfait|good, but order 4711 was late"
    ),
)
def test_a_four(text: str) -> None:
    assert score(text) == 4


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("one|eins|un|uno|um|une|one star|terrible|furchtbar|nul|pésimo|péssimo|orribile|😡|🤬", 1),
        ("two|zwei|deux|dos|dois|due|due!|bad|schlecht|mauvais|malo|ruim|male|not good|👎🏿|🙁", 2),
        (
            "three|drei|trois|tres|três|tre|ok|okay|in Ordnung|"
            "moyen|regular|mais ou menos|so-so|😐",
            3,
        ),
        ("five|fünf|fuenf|cinq|cinco|cinque|great|great!|super|sehr gut|très bien|excelente", 5),
        (
            "excellent|ottimo|muito bom|muy bien|perfekt|c'était parfait|Great, thank you!|😍|🤩|❤️",
            5,
        ),
    ],
)
def test_the_other_steps(words: str, value: int) -> None:
    assert {text: score(text) for text in either(words)} == dict.fromkeys(either(words), value)


@pytest.mark.parametrize(
    "text",
    either(
        "| |?|no|no thanks|nein danke|yes|hello?|hello|good morning|"
        "guten Tag|0|6|45|-4|−4|- 4 5|1-5|"
        "4.5|4,5|4:30|4 5|4 or 5|5 no 4|5, no, 4|good, no, bad|"
        "good? no|4/10|8 out of 10|10/10|six|"
        "2 weeks ago I ordered a lamp|2 parcels are missing|vor 2 Wochen|3 Pakete fehlen|"
        "2 of my parcels are lost|"
        "1. where is it 2. where is my money|4 pm|4€|$4|4%|4th|2x|+49 151 234|"
        "555 123 4567|4 711 223|order 4711|4711|order 4|my order 4 did not arrive|call me at 4|"
        "not a 5|I have been waiting for my parcel since 4|"
        "un poco lento|one thing is missing|no one came|"
        "great news for you|good luck|great, where is my parcel?|"
        "🎉|🐱🐱|hi 😀|👍👎|😡 where is my parcel|"
        "thanks|my parcel is broken|0000000000000004 0"
    ),
)
def test_no_answer(text: str) -> None:
    assert score(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("10", 10), ("0", 0), ("9!", 9), ("10/10", 10), ("8 out of 10", 8), ("🔟", 10)),
        *(("ten out of ten", 10), ("dix sur dix", 10), ("siete de diez", 7), ("nueve", 9)),
        *(("zero", 0), ("sieben", 7), ("dieci", 10), ("7 - slow", 7)),
        *(("4/5", None), ("11", None), ("great", None), ("⭐⭐⭐⭐⭐", None), ("👍", None)),
    ],
)
def test_zero_to_ten_knows_numbers_only(text: str, value: int | None) -> None:
    assert score(text, ZERO_TO_TEN) == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (
            "👍|👍🏻|👍🏿|👍 thanks|👍 but slow|yes|Yes!|yes it was|oui|"
            "ja|ja klar|sí|sim|certo|1|great",
            1,
        ),
        ("👎|👎🏽|no|nope|No, it is still broken|no it is not|nein|non|não|not really|0|bad|❌", 0),
        ("👍👎|hello|no thanks|no one came|no?|⭐⭐⭐⭐⭐|5|🎉|yes, where is my parcel?", None),
    ],
)
def test_thumbs_are_also_yes_and_no(words: str, value: int | None) -> None:
    assert {text: score(text, THUMBS) for text in either(words)} == dict.fromkeys(
        either(words), value
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("sad", 1), ("SAD!", 1), ("😿", 1), ("Triste, mucho", 1), ("so-so", 1), ("1", 1)),
        *(("neutral", 2), ("🐈", 2), ("happy as can be", 3), ("😻😻", 3), ("5 stars", 3)),
        *(
            ("⭐⭐⭐", 3),
            ("5", None),
            ("great", None),
            ("happy", None),
            ("😻", None),
            ("sad?", None),
        ),
    ],
)
def test_an_own_scale_reads_its_labels_and_words(text: str, value: int | None) -> None:
    assert score(text, FACES) == value


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        *(("4", None), ("4!", None), ("4/5", None), ("4 stars, thanks", None)),
        *(("I give it a 4", None), ("4 👍", None), (" 4 but slow ", "4 but slow")),
        *(("too slow, 4", "too slow, 4"), ("good but slow", "good but slow")),
        *(("👍 but slow", "👍 but slow"), ("good service, thank you", None)),
    ],
)
def test_what_is_said_besides_the_answer_is_kept(text: str, comment: str | None) -> None:
    assert read_on(text, READY[ONE_TO_FIVE]) == Rating(4, comment)


@pytest.mark.parametrize("begin", ["4! ", "4 but ", "four, ", "good. ", "4\n"])
def test_a_text_of_5000_characters_is_an_answer_where_it_plainly_begins_with_one(
    begin: str,
) -> None:
    text = (begin + "I waited 3 weeks for it and called again. " * 200)[:5000]
    assert score(text) == 4


@pytest.mark.parametrize("begin", ["4 ", "four ", "good ", "", "I waited, 4 "])
def test_other_long_texts_are_none(begin: str) -> None:
    assert score((begin + "people waited with me for my parcel " * 200)[:5000]) is None
    assert score("9" * 5000) is None
    assert score("4" * 5000) is None


@given(TEXTS, SCALES)
def test_any_text_is_read_as_a_step_of_the_scale_or_not_at_all(text: str, scale: Scale) -> None:
    assert score(text, scale) in {None, *scale.values}


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


@pytest.mark.parametrize(
    "text",
    ["why?", "¿por qué?", "为什么？", "لماذا؟", "my parcel is broken", "where's my order please"],
)
def test_a_request_reaches_a_person(text: str) -> None:
    assert is_request(text)


@pytest.mark.parametrize(
    "text",
    either("|?|no|no thanks|don't bother|hello|Hello?|good morning!|guten Tag|नहीं|👍👍👍"),
)
def test_a_word_or_two_or_a_greeting_is_no_request(text: str) -> None:
    assert not is_request(text)


def test_a_long_text_of_digits_is_read_at_once() -> None:
    """By a pattern that tries it from every digit on it takes hours."""
    assert [one.word for one in tokens_of("1" * 300_000 + " or 4.5")][1:] == ["or", NOT_WHOLE]
