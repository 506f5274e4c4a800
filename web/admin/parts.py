"""Long lists, of which a page shows a part."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True)
class Part(Generic[Item]):
    """A part of a list. `first` and `last`: of its items within the list, from 1. `page`: from 1.

    `before`, `after`: the pages beside it, None: there is none.
    """

    items: Sequence[Item]
    page: int
    first: int
    last: int
    count: int
    before: int | None
    after: int | None


def part_of(items: Sequence[Item], page: int, size: int) -> Part[Item]:
    """Return a page of a list, its last one if it has fewer."""
    count = len(items)
    pages = max(1, -(-count // size))
    shown = min(page, pages)
    start = (shown - 1) * size
    return Part(
        items[start : start + size],
        shown,
        start + 1,
        min(start + size, count),
        count,
        shown - 1 if shown > 1 else None,
        shown + 1 if shown < pages else None,
    )
