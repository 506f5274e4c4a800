"""Saved replies: what can be saved, and which language is taken."""

import pytest

from domain.errors import Invalid
from domain.settings.priorities import Priority
from domain.writing.saved_replies import (
    Action,
    CloseAction,
    LabelAction,
    PriorityAction,
    TransferAction,
    check_actions,
    check_texts,
    language_for,
    short_name,
)


def test_a_short_name_is_one_word_however_it_is_written() -> None:
    assert [short_name(one) for one in ("Thanks", " /THANKS-2 ", "Größe")] == [
        "thanks",
        "thanks-2",
        "grösse",
    ]
    for unfit in ("", "/", "two words", "a--b", "x" * 31, "a\u202eb", "<b>", "{line}"):
        with pytest.raises(Invalid):
            short_name(unfit)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({}, "A saved reply needs a text"),
        ({"english": "Hi"}, "'english' is not a language code"),
        ({"en": " \n"}, "en: The text is empty."),
        ({"en": "Hi", "de": "x" * 1601}, "de: The message has 1601 characters; 1600 are allowed."),
        ({"en": "Hi \u202e there"}, "en: The text has a character that nobody sees."),
        ({"en": "Hi \x07"}, "en: The text has a character that nobody sees."),
        ({"en": "Hi {nobody}"}, "en: Unknown placeholder {nobody}."),
    ],
)
def test_unfit_texts_are_refused_with_the_language_of_the_first(
    texts: dict[str, str], said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_texts(texts)
    assert refused.value.detail.startswith(said)


def test_what_scripts_need_is_no_hidden_character() -> None:
    check_texts(
        {"fa": "می\u200cخواهم \u200f", "en": "👩\u200d👩\u200d👦\ttab\nline", "zh-Hant": "好"}
    )


def test_transfer_and_close_come_last_and_a_label_and_a_priority_once() -> None:
    label, close = LabelAction(kind="label", label="vip"), CloseAction(kind="close")
    transfer = TransferAction(kind="transfer", skill="sales")
    high = PriorityAction(kind="priority", priority=Priority.high)
    check_actions([label, high, LabelAction(kind="label", label="late"), close])
    unfits: list[list[Action]] = [
        [close, label],
        [transfer, high],
        [transfer, close],
        [label, label],
        [high, high],
        [close] * 11,
    ]
    for unfit in unfits:
        with pytest.raises(Invalid):
            check_actions(unfit)


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        (("zh-Hant-TW", "en"), "zh-Hant"),
        (("zh-Hans", "en"), "zh-Hans-CN"),
        (("pt-BR", "de"), "de"),
        ((None, "fr"), "de"),
        ((), "de"),
        (("en-GB",), "en"),
    ],
)
def test_the_nearest_language_is_taken(wanted: tuple[str | None, ...], taken: str) -> None:
    assert language_for(["zh-Hans-CN", "zh-Hant", "en", "de"], wanted) == taken
