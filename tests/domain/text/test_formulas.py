"""What a spreadsheet would run is defused, wherever it may see a cell begin."""

import pytest

from domain.text.formulas import as_written, harmless


@pytest.mark.parametrize(
    ("cell", "defused"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "  '@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("hello;=HYPERLINK(A1)", "hello;'=HYPERLINK(A1)"),
        ("hello\n=1+1;+2", "hello\n'=1+1;'+2"),
        ("\t=1", "'\t'=1"),
        ("-\t-", "'-\t'-"),
    ],
)
def test_a_formula_gets_a_quote_before_it_that_is_taken_away_again(cell: str, defused: str) -> None:
    assert harmless(cell) == defused
    assert as_written(defused) == cell


@pytest.mark.parametrize("cell", ["", "2+2=4", "a-b; c", "you@example.org", "'quoted'", "fine;"])
def test_what_no_spreadsheet_runs_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == as_written(cell) == cell
