"""Steps of times in SQL, and of which facts they are counted."""

from domain.reporting.kinds import FactKind
from domain.reporting.spread import EXACT, WIDENS

TIMED = (
    *(FactKind.duration, FactKind.response, FactKind.first_response, FactKind.assignment_wait),
    *(FactKind.first_message, FactKind.consumer_response),
)
"""Kinds whose percentiles are asked for."""
SPREAD = (*TIMED, FactKind.active_consumer)
"""Kinds of whose sums the spread is asked for."""


def step_of(value: str) -> str:
    """Return the step of a time in SQL, as `domain.reporting.spread.step_of` has it."""
    wide = f"{EXACT} + floor(ln({value}::float8 / {EXACT}) / ln({WIDENS}::float8))::int"
    return f"CASE WHEN {value} < {EXACT} THEN {value} WHEN {value} >= {EXACT} THEN {wide} END"


def since_epoch(day: str) -> str:
    """Return the step of a day in SQL: its number, as `domain.reporting.consumers` has it."""
    return f"coalesce({day} - DATE '1970-01-01', 0)"
