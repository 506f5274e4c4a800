"""One row for each automatic message: whole, true, and what everybody else goes by."""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.automatic.catalogue import CATALOGUE, DELAYS, FOLLOW_UPS, TIMED, grouped
from domain.automatic.kinds import Automatic
from domain.automatic.texts.defaults import starting_texts
from domain.conversation.kinds import DeadlineKind
from domain.survey.kinds import FollowUp

ROOT = Path(__file__).parents[3]
BEHAVIOUR = ROOT / "docs" / "behaviour.md"
OF_THE_PRODUCT = (
    "activities",
    "api",
    "cli",
    "database",
    "domain",
    "routing",
    "services",
    "web",
    "workflows",
)


def _spelled(delay: timedelta) -> str:
    minutes = round(delay.total_seconds() / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h"


def _messages() -> str:
    rows = (
        f"| `{event}` | {row.when} | {'on' if row.is_on else 'off'} |"
        for event, row in CATALOGUE.items()
    )
    return "\n".join(["| event | when it is sent | default |", "| --- | --- | --- |", *rows])


def _delays() -> str:
    rows = (
        f"| `{event}` | {'before ' if delay.is_before else ''}{delay.counts_from} "
        f"| {'in working hours' if delay.in_working_hours else 'by the clock'} "
        f"| {_spelled(delay.default)} |"
        for event, delay in DELAYS.items()
    )
    head = "| event | counts from | counted | default |"
    return "\n".join([head, "| --- | --- | --- | --- |", *rows])


@pytest.mark.parametrize("table", [_messages(), _delays()], ids=["messages", "delays"])
def test_the_documentation_has_the_table_of_the_catalogue(table: str) -> None:
    assert table in BEHAVIOUR.read_text(), f"docs/behaviour.md lacks this table:\n{table}"


def test_every_message_has_one_row_in_one_group_and_words_of_its_own() -> None:
    assert set(CATALOGUE) == set(Automatic)
    assert [event for events in grouped().values() for event in events] == list(CATALOGUE)
    names = [row.name for row in CATALOGUE.values()]
    assert len(set(names)) == len(names)
    assert all(row.when.endswith(".") for row in CATALOGUE.values())


def test_every_question_after_the_rating_has_its_message() -> None:
    assert set(FOLLOW_UPS) == set(FollowUp)
    assert all(CATALOGUE[event].is_question for event in FOLLOW_UPS.values())


def test_what_time_sends_is_a_deadline_of_the_conversation() -> None:
    assert {DeadlineKind(event.value) for event in TIMED} <= set(DeadlineKind)


def test_the_products_texts_name_only_what_can_be_filled() -> None:
    for event, text in starting_texts("en").items():
        assert not ("{agent}" in text and "agent" not in CATALOGUE[event].placeholders), event


def _tables(path: Path) -> Iterator[tuple[Path, int]]:
    """Yield the lines of a file where several messages stand in one table."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Dict(keys=entries):
                pass
            case ast.Set(elts=entries) | ast.Tuple(elts=entries) | ast.List(elts=entries):
                pass
            case _:
                continue
        named = [one for one in entries if one and ast.unparse(one).startswith("Automatic.")]
        if len(named) > 1:
            yield path.relative_to(ROOT), node.lineno


def test_nothing_but_the_catalogue_has_a_table_of_messages() -> None:
    """So that a new one is a word, a row, the rule that sends it, and its texts."""
    files = (path for folder in OF_THE_PRODUCT for path in (ROOT / folder).rglob("*.py"))
    found = {name for path in files for name, _ in _tables(path) if name.parent.name != "texts"}
    assert found - {Path("domain/automatic/catalogue.py")} == set()
