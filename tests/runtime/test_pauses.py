"""The objects from a process's start do not lengthen full garbage collections."""

import gc
from collections.abc import Iterator

import pytest

from runtime.pauses import spare_what_stays


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def is_looked_at(held: list[object]) -> bool:
    return any(one is held for one in gc.get_objects())


def test_what_is_held_from_the_start_is_not_looked_at_again() -> None:
    held: list[object] = [object()]
    spare_what_stays()
    assert not is_looked_at(held)


def test_what_comes_later_is_collected_as_ever() -> None:
    spare_what_stays()
    later: list[object] = []
    later.append(later)
    assert is_looked_at(later)
    del later
    assert gc.collect() > 0
