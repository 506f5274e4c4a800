"""Reading ratings as it was before scales; open conversations still do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.survey.rating import Rating
from domain.survey.recorded import read_rating, reads_as_request


def _score(text: str) -> int | None:
    rating = read_rating(text, 1, 5)
    return rating.score if rating else None


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("4", 4),
        (" 4 ", 4),
        ("4!", 4),
        ("4.", 4),
        ("(4)", 4),
        ("#4", 4),
        ("four", 4),
        ("Four!", 4),
        ("FIVE", 5),
        ("04", 4),
        ("４", 4),
        ("٤", 4),
        ("۴", 4),
        ("४", 4),
        ("④", 4),
        ("4️⃣", 4),
        ("4 😀", 4),
        ("4 stars", 4),
        ("4/5", 4),
        ("4 of 5", 4),
        ("4 out of 5", 4),
        ("5/5", 5),
        ("5 5", 5),
        ("4 but slow", 4),
        ("I give it a 5", 5),
        ("it was a 2", 2),
    ],
)
def test_an_answer(text: str, score: int) -> None:
    assert _score(text) == score


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "no",
        "hello?",
        "0",
        "6",
        "10",
        "10/10",
        "45",
        "1-5",
        "4.5",
        "4,5",
        "4 5",
        "5 no 4",
        "4 or 5",
        "six",
        "good",
        "😀",
        "order 4711",
        "0000000000000004 0",
        "my order 4 did not arrive yesterday",
        "I have been waiting for my parcel since 4",
        "9" * 5000,
    ],
)
def test_no_answer(text: str) -> None:
    assert _score(text) is None


@pytest.mark.parametrize(
    ("text", "comment"),
    [("4", None), ("4!", None), ("four", None), (" 4 but slow ", "4 but slow")],
)
def test_what_stands_beside_the_number_is_kept(text: str, comment: str | None) -> None:
    assert read_rating(text, 1, 5) == Rating(4, comment)


def test_another_scale() -> None:
    assert read_rating("10", 0, 10) == Rating(10)
    assert read_rating("0", 0, 10) == Rating(0)
    assert read_rating("9/10", 0, 10) == Rating(9, "9/10")
    assert read_rating("11", 0, 10) is None


@given(st.text(max_size=200))
def test_any_text_is_read_within_the_scale_or_not_at_all(text: str) -> None:
    assert _score(text) in {None, 1, 2, 3, 4, 5}


@given(st.integers(1, 5), st.text(alphabet=" .,!*()\n", max_size=5))
def test_punctuation_around_a_number_changes_nothing(score: int, noise: str) -> None:
    assert _score(f"{noise}{score}{noise}") == score


@pytest.mark.parametrize(
    "text",
    ["why?", "¿por qué?", "为什么？", "لماذا؟", "my parcel is broken", "where's my order please"],
)
def test_a_request_reaches_a_person(text: str) -> None:
    assert reads_as_request(text)


@pytest.mark.parametrize("text", ["", "no", "no thanks", "don't bother", "नहीं", "ठीक है", "👍👍👍"])
def test_a_word_or_two_is_no_request(text: str) -> None:
    assert not reads_as_request(text)
