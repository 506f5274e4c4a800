"""Numbers that people look for: any spelling, fragments, ends."""

import pytest

from domain.searching.numbers import SoughtNumber, number_in

BERLIN = "+493012345678"


@pytest.mark.parametrize(
    "typed",
    [
        "+49 (0)30 1234 5678",
        "0049 30 12345678",
        "030 / 12345678",
        "(030) 1234-5678",
        "…5678",
        "...5678",
        "*5678",
        "345",
        "٣٤٥",
    ],
)
def test_a_number_is_found_as_people_write_it(typed: str) -> None:
    sought = number_in(typed)
    assert sought is not None
    assert sought.rank(BERLIN) is not None


@pytest.mark.parametrize("typed", ["", "%", "a", "12", "Mia 5678", "\x00", "+", "…", "0" * 2])
def test_what_is_no_number_is_not_looked_for_as_one(typed: str) -> None:
    assert number_in(typed) is None


def test_a_leading_zero_is_first_the_one_of_a_national_number() -> None:
    assert number_in("0170") == SoughtNumber(("170", "0170"))
    assert number_in("0004") == SoughtNumber(("0004",))
    assert number_in("…0170") == SoughtNumber(("0170",), ends=True)


def test_the_whole_number_comes_before_an_end_and_an_end_before_a_part() -> None:
    sought = number_in("0004")
    assert sought is not None
    ranks = [sought.rank(one) for one in ("0004", "+15550100004", "+15500040001", "+15550100001")]
    assert ranks == [0, 1, 2, None]
    assert number_in("1" * 1000) == SoughtNumber(("1" * 20,))
