"""The first text to a new consumer names the brand and says how to opt out."""

import pytest

from domain.consent.first_texts import HOW_TO_STOP, FirstTextCheck, checked
from domain.errors import Invalid, MessageTooLong
from domain.text.segments import Encoding, segments

APPEND, REFUSE, OFF = FirstTextCheck


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("It is ready.", "Acme: It is ready.\nReply STOP to opt out."),
        ("ACME here, it is ready.", "ACME here, it is ready.\nReply STOP to opt out."),
        ("It is ready. Text stop to end.", "Acme: It is ready. Text stop to end."),
        ("Acme: ready. Reply STOP to opt out.", "Acme: ready. Reply STOP to opt out."),
    ],
)
def test_what_lacks_is_added(text: str, whole: str) -> None:
    assert checked(text, "Acme", "en", APPEND) == whole
    assert checked(text, "Acme", "en", OFF) == text


def test_it_is_refused_with_what_lacks() -> None:
    with pytest.raises(Invalid, match="say how to opt out with STOP"):
        checked("Acme: ready", "Acme", "en", REFUSE)


def test_it_is_in_the_language_of_the_line_and_in_english_where_there_is_none() -> None:
    assert checked("Acme", "Acme", "pt-BR", APPEND).endswith(HOW_TO_STOP["pt"])
    assert checked("Acme", "Acme", "pl", APPEND).endswith(HOW_TO_STOP["en"])


def test_a_text_that_gets_too_long_is_refused_and_never_cut() -> None:
    with pytest.raises(MessageTooLong):
        checked("x" * 1590, "Acme", "en", APPEND)


def test_what_is_added_forces_no_other_encoding() -> None:
    assert {segments(words).encoding for words in HOW_TO_STOP.values()} == {Encoding.gsm7}
