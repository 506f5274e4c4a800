"""What boards are told: parts that have changed since a page was told last."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from database.queries.figures import NOTHING, DayFigures
from database.queries.queues import QueueSummary
from services.looking.supervisor_board import Board
from web.board.sheet import Sheet, whole

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EMPTY = Board([], [], [], [], [], {}, DayFigures(NOON, NOTHING, {}), NOON)


def queue(name: str, waiting: int = 0) -> QueueSummary:
    return QueueSummary(name, name, waiting, 0, None, None, [waiting, 0, 0, 0, 0])


def of(*queues: QueueSummary) -> Board:
    return replace(EMPTY, queues=queues)


def told(sheet: Sheet, since: int | None) -> tuple[Sequence[str], Sequence[str]] | None:
    """Return the queues that have changed, and those that are gone."""
    news = sheet.since(since)
    return ([one.name for one in news.queues], news.gone_queues) if news else None


def test_a_page_is_told_of_what_has_changed_since_it_was_told() -> None:
    sheet = Sheet()
    sheet.take(of(queue("one"), queue("two")))
    first = sheet.version
    assert told(sheet, None) == (["one", "two"], [])
    assert told(sheet, first) is None
    sheet.take(of(queue("one"), queue("two")))
    assert (sheet.version, told(sheet, first)) == (first, None)
    sheet.take(of(queue("one", waiting=3), queue("two")))
    assert told(sheet, first) == (["one"], [])
    sheet.take(of(queue("one", waiting=3), queue("three")))
    assert told(sheet, first) == (["one", "three"], ["two"])
    assert told(sheet, sheet.version - 1) == (["three"], ["two"])
    assert told(sheet, None) == (["one", "three"], [])
    sheet.take(of(queue("two")))
    assert told(sheet, first) == (["two"], ["one", "three"])


def test_what_is_the_same_for_all_comes_only_when_it_has_changed() -> None:
    sheet = Sheet()
    sheet.take(EMPTY)
    news = whole(EMPTY)
    assert (news.is_whole, news.alerts, news.bots) == (True, [], [])
    version = sheet.version
    sheet.take(of(queue("one")))
    later = sheet.since(version)
    assert later is not None
    assert (later.is_whole, later.alerts, later.bots, later.today) == (False, None, None, None)
