"""Sources: what a keyword may be, what a phone is to send, and the link that has it sent."""

from urllib.parse import unquote

import pytest

from domain.errors import Invalid
from domain.origins.first_text import FirstText, first_text_of
from domain.origins.sources import folded_keyword, sms_link, whole_first_text, without_keyword


def test_a_keyword_is_one_word_however_it_is_written() -> None:
    assert folded_keyword("¡Spring!") == "spring"
    assert folded_keyword("ＳＰＲＩＮＧ") == "spring"


@pytest.mark.parametrize("keyword", ["", "two words", "!!!", "x" * 31, "🌷"])
def test_what_could_never_match_is_no_keyword(keyword: str) -> None:
    with pytest.raises(Invalid, match="one word"):
        folded_keyword(keyword)


@pytest.mark.parametrize(
    ("keyword", "text", "whole"),
    [
        ("SPRING", "", "SPRING"),
        ("SPRING", "Hello\nthere", "SPRING Hello there"),
        ("SPRING", "spring, please", "spring, please"),
        ("SPRING", "Springtime!", "SPRING Springtime!"),
        ("", "Hello from the poster", "Hello from the poster"),
    ],
)
def test_the_keyword_is_put_in_front_of_the_first_text(keyword: str, text: str, whole: str) -> None:
    assert whole_first_text(keyword, text) == whole


def test_a_keyword_is_taken_off_to_be_changed() -> None:
    assert without_keyword("spring", "¡Spring! Hello") == "Hello"
    assert without_keyword("", "Spring Hello") == "Spring Hello"


@pytest.mark.parametrize("text", ["", "🌷", "x" * 161, "a\x07b", "\ud800x"])
def test_a_first_text_that_cannot_be_sent_or_recognised_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        whole_first_text("", text)


@pytest.mark.parametrize("text", ["Hello & bye? 50%+1", "مرحبا", "你好 🌷", "a#b"])
def test_a_link_carries_every_text_whole(text: str) -> None:
    link = sms_link("+1 555-0100", text)
    address, _, body = link.partition("?&body=")
    assert address == "sms:+15550100"
    assert body.isascii()
    assert not set(body) & set(" &?#+")
    assert unquote(body) == text


def test_a_first_text_is_compared_by_its_first_word_and_as_a_whole() -> None:
    assert first_text_of("Spring, PLEASE!") == FirstText("spring", "spring please")
    assert first_text_of("Spring " * 40) == FirstText("spring", None)
    assert first_text_of("🌷") == first_text_of(None) == FirstText()
