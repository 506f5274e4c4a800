"""The objects from a process's start take no time of garbage collections."""

import gc
from collections.abc import Iterator

import pytest

from runtime.pauses import loading, spare_what_stays


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def is_looked_at(held: list[object]) -> bool:
    return any(one is held for one in gc.get_objects())


def test_objects_from_the_start_are_not_collected_again() -> None:
    held: list[object] = [object()]
    spare_what_stays()
    assert not is_looked_at(held)


def test_later_objects_are_collected_as_usual() -> None:
    spare_what_stays()
    later: list[object] = []
    later.append(later)
    assert is_looked_at(later)
    del later
    assert gc.collect() > 0


def test_nothing_is_collected_while_code_is_loaded() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()
