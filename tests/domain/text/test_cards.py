"""Numbers of cards are masked, and other numbers are not."""

import pytest

from domain.text.cards import is_id, masked


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
    "between",
    [
        *(" - ", " – ", " — ", "\n", "\r\n", "\t", "/", " / ", "_", ",", ", ", ";", "|", "—"),
        *("\u00a0", "\u2007", "\u3000", "\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff"),
    ],
)
def test_card_numbers_are_masked_whatever_is_between_their_groups(between: str) -> None:
    written, shown = between.join(["4242"] * 4), between.join(["••••"] * 3 + ["4242"])
    assert masked(f"It is {written}, thanks") == f"It is {shown}, thanks"


@pytest.mark.parametrize("zero", ["٠", "۰", "०", "０", "𝟎"])
def test_card_numbers_are_masked_in_the_digits_of_any_script(zero: str) -> None:
    four = "".join(chr(ord(zero) + int(one)) for one in "4242")
    assert masked(four * 4) == "•" * 12 + four
    assert masked(" ".join([four] * 4)) == f"•••• •••• •••• {four}"


def test_card_numbers_are_masked_though_each_digit_is_followed_by_what_nobody_sees() -> None:
    assert masked("\u200b".join("4242424242424242")) == "\u200b".join("•" * 12 + "4242")
    assert masked("\ufe0f\u20e3".join("4242424242424242")).count("•") == 12


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
        "4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4, 2",
        "42, 42, 42, 42, 42, 42, 42, 42",
        "424,242,424,242,424,2",
        "2022, 2023, 2024, 2028",
        "4242 on 4242, then 4242, 4242",
        "5551234\n5559870",
        "0000 0000 0000 0000",
        "",
    ],
)
def test_phones_orders_and_other_numbers_stay(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("4242bdfa-4242-4242-8242-424242424242", True),
        ("42424242-4242-4242-8242-424242424242", True),
        ("4242424A-4242-4242-8242-424242424242", True),
        ("42424242-4242-4242-8242-424242424242 ", False),
        ("42424242-4242-4242-8242-42424242424", False),
        ("٤٢٤٢٤٢٤٢-4242-4242-8242-424242424242", False),
        ("0123456789abcdef4242424242424242", True),
        ("AC0123456789abcdef4242424242424242", True),
        ("4242424242424242", False),
        ("4242 4242 4242 4242", False),
        ("face 4242424242424242", False),
        ("4242-4242-4242-4242-----------", False),
    ],
)
def test_ids_in_hexadecimal_are_told_from_what_people_write(value: str, is_one: bool) -> None:
    assert is_id(value) is is_one


def test_a_long_text_of_digits_takes_no_time() -> None:
    assert masked("1, " * 20_000) == "1, " * 20_000
    assert masked("4241, " * 2_000) == "4241, " * 2_000
    assert masked("1 " * 20_000) == "1 " * 20_000
    assert masked("4242 4242 4242 4242 " * 2_000).startswith("•••• •••• •••• 4242 ••••")


def test_a_part_leaves_what_may_go_on_in_another_part() -> None:
    text = "4242 4242 4242 4242 or 4111 1111 1111 1111"
    assert masked(text, begins=False) == "4242 4242 4242 4242 or •••• •••• •••• 1111"
    assert masked(text, ends=False) == "•••• •••• •••• 4242 or 4111 1111 1111 1111"
