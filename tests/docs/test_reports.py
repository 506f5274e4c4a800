"""docs/reports.md says of every figure what the pages say."""

from tests.docs.figure_definitions import figures, written


def test_every_figure_is_on_the_page_with_its_definition() -> None:
    """If not: `python -m tests.docs.figure_definitions`."""
    assert written() == figures()
