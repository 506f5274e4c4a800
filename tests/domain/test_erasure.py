"""A number is hidden in every spelling, and nothing else is."""

import pytest

from domain.erasure.sought import HIDDEN, hidden, sought


@pytest.mark.parametrize(
    "written",
    ["+4917612345678", "4917612345678", "+49 176 12345678", "0176 12345678", "0176/123-456.78"],
)
def test_a_number_is_hidden_however_it_is_written(written: str) -> None:
    numbers = sought([("+4917612345678", "+4917612345678")])
    assert (
        hidden(f"They wrote from {written}, twice", numbers) == f"They wrote from {HIDDEN}, twice"
    )


@pytest.mark.parametrize("other", ["2026-11-28", "2026-11-28T09:00:00+00:00", "9202611280"])
def test_a_day_with_the_digits_of_a_number_stays(other: str) -> None:
    numbers = sought([("+4520261128", "+4520261128")])
    assert hidden(f"from {other} on", numbers) == f"from {other} on"
    assert hidden("call 20 26 11 28", numbers) == f"call {HIDDEN}"
