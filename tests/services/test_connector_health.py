"""A connector's health says until when all of its provider's texts are here."""

from datetime import UTC, datetime, timedelta

from database.queries.catching_up import Progress
from services.providers import completeness

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def line(name: str, ago: timedelta, found: int = 0) -> Progress:
    return Progress(name, NOW - ago, None, NOW - ago, found)


def test_lines_that_were_compared_lately_are_well_and_say_what_was_found() -> None:
    lines = [line("Sales", timedelta(minutes=3), 2), line("Support", timedelta(minutes=12), 5)]
    found = completeness(lines, NOW)
    assert found.is_well
    assert found.sentence == "Until 2026-11-26 11:48 UTC. 7 texts were fetched late."


def test_a_line_that_is_behind_is_named() -> None:
    lines = [line("Sales", timedelta(minutes=3)), line("Support", timedelta(hours=2))]
    found = completeness(lines, NOW)
    assert not found.is_well
    assert "Support" in found.sentence
    assert "2026-11-26 10:00 UTC" in found.sentence


def test_a_connector_without_lines_is_well() -> None:
    assert completeness([], NOW).is_well
