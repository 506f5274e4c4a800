"""A batch's own hours: which can be set, and how they narrow those of the account."""

from datetime import time

import pytest

from domain.batches.hours import HoursSet, check_hours
from domain.errors import Invalid


def hours(begins: int | None, ends: int | None, *, holds: bool = True) -> HoursSet:
    of_account = HoursSet(holds, "America/New_York", time(9), time(18))
    return HoursSet.of(of_account, Window(begins, ends))


class Window:
    """The hours of a batch."""

    def __init__(self, begins: int | None, ends: int | None) -> None:
        self.window_from = None if begins is None else time(begins)
        self.window_until = None if ends is None else time(ends)


@pytest.mark.parametrize(("begins", "ends"), [(None, 8), (21, None), (22, 23), (12, 12), (15, 9)])
@pytest.mark.parametrize("holds", [True, False])
def test_hours_in_which_no_text_may_leave_are_refused(
    begins: int | None, ends: int | None, holds: bool
) -> None:
    with pytest.raises(Invalid):
        check_hours(hours(begins, ends, holds=holds))


@pytest.mark.parametrize(("begins", "ends"), [(18, 20), (6, 9)])
def test_hours_outside_of_the_accounts_own_are_refused_where_it_holds_texts(
    begins: int, ends: int
) -> None:
    with pytest.raises(Invalid):
        check_hours(hours(begins, ends))
    check_hours(hours(begins, ends, holds=False))


@pytest.mark.parametrize(("begins", "ends"), [(17, 20), (6, 10), (None, None), (10, None)])
def test_hours_with_room_for_a_text_are_taken(begins: int | None, ends: int | None) -> None:
    check_hours(hours(begins, ends))
    check_hours(hours(begins, ends, holds=False))
