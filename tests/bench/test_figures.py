"""Figures are judged by their ratio to a ceiling, or by themselves where there is none."""

import pytest

from bench.figures import Figure
from bench.percentiles import median, percentile
from bench.sizes import Sizes


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure(name="rate", value=80, ceiling=100, at_least=0.8), True),
        (Figure(name="rate", value=79, ceiling=100, at_least=0.8), False),
        (Figure(name="actions", value=3, at_most=3), True),
        (Figure(name="actions", value=3.2, at_most=3), False),
        (Figure(name="memory", value=150, ceiling=100), None),
    ],
)
def test_a_target_is_met_by_the_ratio_or_else_by_the_value(figure: Figure, met: bool) -> None:
    assert figure.is_met is met


def test_a_row_says_value_ceiling_ratio_and_target() -> None:
    figure = Figure(name="drain_ratio", value=1234.5, unit="/s", ceiling=2469, at_least=0.6)
    row = ("drain_ratio", "1,234 /s", "2,469", "0.50", "≥ 0.6", "missed")
    assert figure.cells() == row


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(number) for number in range(1, 101)]
    assert percentile(values, 99) == 100
    assert median([3.0, 1.0, 2.0]) == 2.0
    assert percentile([7.0], 50) == 7.0


def test_a_smaller_size_measures_less_but_never_nothing() -> None:
    small = Sizes().scaled(0.001)
    assert small.parked == 20
    assert small.consumers == 4
    assert small.at_once == Sizes().at_once
