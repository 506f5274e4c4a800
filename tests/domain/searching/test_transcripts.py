"""What transcripts are found by, and how what was found is marked."""

import pytest

from domain.searching.excerpts import excerpt_around, marked
from domain.searching.transcripts import asked_in, transcript_words


@pytest.mark.parametrize("query", ["été", "ete", "l'été", "L’ÉTÉ"])
def test_a_word_behind_an_elided_article_is_found_and_marked(query: str) -> None:
    text = "Je pars tout l'été dernier"
    asked = asked_in(query, ["fr"])
    stored = transcript_words([text], "fr").words
    assert all(one.word in stored for one, _ in asked.words)
    assert [part.text for part in marked(text, asked.finds) if part.is_found] == ["l'été"]


@pytest.mark.parametrize("phrase", ["tout l'été dernier", "été dernier", "l’été"])
def test_a_phrase_stands_as_it_was_quoted_with_or_without_its_article(phrase: str) -> None:
    stored = transcript_words(["Je pars tout l'été dernier"], "fr").words
    [words] = asked_in(f'"{phrase}"', ["fr"]).phrases
    first = stored[words[0].word]
    following = [[place + step for place in first] for step in range(len(words))]
    assert [stored[one.word] for one in words] == following


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("मुझे हिन्दी में मदद चाहिए", "हिन्दी", ["हिन्दी"]),
        ("நன்றி வணக்கம்", "வணக்கம்", ["வணக்கம்"]),
        ("สวัสดีครับ ส่งสินค้าแล้ว", "สินค้า", ["ส่งสินค้าแล้ว"]),
        ("سلام، می‌خواهم پس بدهم", "می‌خواهم", ["می‌خواهم"]),
        ("a cafe\u0301 here", "café", ["cafe\u0301"]),
        ("in zero\u200bwidth letters", "zerowidth", ["zero\u200bwidth"]),
    ],
)
def test_a_word_is_marked_as_it_is_found_with_its_marks_and_joiners(
    text: str, query: str, found: list[str]
) -> None:
    parts = marked(text, asked_in(query, ["hi", "ta"]).finds)
    assert [part.text for part in parts if part.is_found] == found
    assert "".join(part.text for part in parts) == text


def test_a_run_without_spaces_that_is_longer_than_an_excerpt_is_marked() -> None:
    text = "我的订单在哪里" * 40
    parts = excerpt_around(text, asked_in("订单", []).finds)
    assert [part for part in parts if part.is_found]


def test_a_language_of_a_region_has_the_forms_of_its_words() -> None:
    stored = transcript_words(["Where are the deliveries?"], "en-GB")
    assert stored.stems == transcript_words(["Where are the deliveries?"], "en").stems != set()
