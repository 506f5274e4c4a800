import pytest

from domain.errors import Invalid
from domain.people.passwords import LONGEST, check_password

EMAIL = "ann.miller@acme.example"
BAD = [
    *("short", "123456789", "1234567890", "0987654321", "abcdefghijk", "qwertyuiop", "poiuytrewq"),
    *("aaaaaaaaaaaa", "abababababab", "password123", "Password2026!", "passwordpassword"),
    *("!!!welcome!!!", "Switchboard1", "admin12345", "letmein1234", "iloveyou99", "..........x"),
    *(EMAIL, EMAIL.upper(), f" {EMAIL} ", "ann.miller2026", "acme.example1", "Ann Miller 1"),
    *("annmiller123", "millermiller", "summer2026!"),
]
GOOD = [
    *("a very long password", "correct horse battery", "Fj38dkwpq0", "vier Katzen schlafen"),
    *("passwords are dull", "\u65e5\u672c\u8a9e\u306e\u5408\u8a00\u8449\u3067\u3059\u3088"),
]


@pytest.mark.parametrize("password", BAD)
def test_a_password_that_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        check_password(password, EMAIL, "Ann Miller")


@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_of_ones_own_is_fit(password: str) -> None:
    check_password(password, EMAIL, "Ann Miller")


def test_a_password_that_no_log_in_would_take_is_not_set() -> None:
    fit = ("correct horse battery " * 10)[:LONGEST]
    check_password(fit, EMAIL, "Ann Miller")
    with pytest.raises(Invalid, match="at most 200 characters"):
        check_password(fit + "x", EMAIL, "Ann Miller")
