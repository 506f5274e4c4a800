"""Numbers as people read them."""

import pytest

from domain.numbers.shown_numbers import shown_number


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("+15550200004", "+1 555 020 0004"),
        ("+4915123456701", "+49 1512 3456701"),
        ("+390612345678", "+39 06 1234 5678"),
        ("+", "+"),
        ("60001", "60001"),
        ("ACME-SHOP", "ACME-SHOP"),
    ],
)
def test_a_number_is_shown_in_groups_and_anything_else_as_it_is(address: str, shown: str) -> None:
    assert shown_number(address) == shown
