"""Numbers of cards are masked, and other numbers are not."""

import pytest

from domain.text.cards import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It is 4242 4242 4242 4242.", "It is •••• •••• •••• 4242."),
        ("4242-4242-4242-4242", "••••-••••-••••-4242"),
        ("4242.4242.4242.4242", "••••.••••.••••.4242"),
        ("amex 378282246310005", "amex •••••••••••0005"),
        ("3782 822463 10005, thanks", "•••• •••••• •0005, thanks"),
        ("4242 4242 4242 4242 12/28 123", "•••• •••• •••• 4242 12/28 123"),
        ("2x 5555555555554444 4111 1111 1111 1111", "2x ••••••••••••4444 •••• •••• •••• 1111"),
        ("Visa4242424242424242exp 12/28", "Visa••••••••••••4242exp 12/28"),
        ("6304 0000 0000 0000 000", "•••• •••• •••• •••0 000"),
    ],
)
def test_card_numbers_keep_their_last_digits_and_separators(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert masked(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "4242 4242 4242 4241",  # no check digit
        "order 1234567890123456",
        "+4242424242424242",
        "call 0049 1761 2345678",
        "call 4917612345675",
        "4242 4242 4242",
        "424242424242424242424242",  # longer than any card
        "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢",
        "0000 0000 0000 0000",
        "",
    ],
)
def test_phones_orders_and_other_numbers_stay(text: str) -> None:
    assert masked(text) == text


def test_a_long_text_of_digits_takes_no_time() -> None:
    assert masked("1 " * 20_000) == "1 " * 20_000
    assert masked("4242 4242 4242 4242 " * 2_000).startswith("•••• •••• •••• 4242 ••••")


def test_a_part_leaves_what_may_go_on_in_another_part() -> None:
    text = "4242 4242 4242 4242 or 4111 1111 1111 1111"
    assert masked(text, begins=False) == "4242 4242 4242 4242 or •••• •••• •••• 1111"
    assert masked(text, ends=False) == "•••• •••• •••• 4242 or 4111 1111 1111 1111"
