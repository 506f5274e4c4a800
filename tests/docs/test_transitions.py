"""The table of transitions in the documentation is the one the core moves by."""

import re
from pathlib import Path

from domain.conversation.kinds import EventKind, Status
from domain.conversation.transitions import TRANSITIONS

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"
ROW = re.compile(r"^\| `(\w+)` \| `(\w+)`.* \| `(\w+)` \|$", re.MULTILINE)


def test_the_documented_transitions_are_the_ones_the_core_moves_by() -> None:
    statuses = {status.value for status in Status}
    rows = [row for row in ROW.findall(PAGE.read_text()) if {row[0], row[2]} <= statuses]
    found = {(Status(at), EventKind(event)): Status(then) for at, event, then in rows}
    assert len(rows) == len(found)
    assert found == TRANSITIONS
