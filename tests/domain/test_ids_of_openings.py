"""A conversation's id is made of what opened it."""

from domain.ids import opened_as


def test_an_opening_that_is_decided_again_has_the_same_id() -> None:
    assert opened_as("run", "text") == opened_as("run", "text")


def test_other_texts_and_other_runs_open_other_conversations() -> None:
    assert (
        len({opened_as("run", "text"), opened_as("run", "other"), opened_as("next", "text")}) == 3
    )
