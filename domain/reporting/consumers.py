"""Consumers of a span: each counts on the first of its days on which they were active."""

from datetime import date

from domain.reporting.sums import Measured, Sum

EPOCH = date(1970, 1, 1)


def consumers_since(first: date, found: Sum, *, new: int) -> Sum:
    """Return the consumers of days from the first on, each once.

    `found`: consumers of these days, spread over their days before: see `step_of`. `new`: how many
    of them were not known before.
    """
    since = step_of(first)
    many = sum(many for step, many in found.clock.spread.items() if step < since)
    return active(many, known=many - new)


def active(many: int, *, known: int) -> Sum:
    """Return active consumers as a sum. `known`: how many of them were known before."""
    return Sum(many, Measured(total=known))


def step_of(day: date | None) -> int:
    """Return the step of a day on which somebody was active before; 0: there was none."""
    return (day - EPOCH).days if day else 0
