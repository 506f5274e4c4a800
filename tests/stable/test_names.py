"""What others hold on to stays: a deploy meets open conversations, and programs outlive it."""

import json

import pytest

from tests.stable.names import RELEASED, broken, names

ADVICE = """
Open conversations, workers and servers of the version before, or programs use these. Add beside
them, with a default, and take away in a later release: see CONTRIBUTING.md, "Compatibility"."""


def test_nothing_that_was_released_is_gone_or_suddenly_needed() -> None:
    found = broken(json.loads(RELEASED.read_text()), names())
    assert not found, "\n".join([*found, ADVICE])


def test_all_kinds_of_names_are_kept() -> None:
    assert all(names().values())
    assert {"signal consumer_texted", "update reply", "activity journal"} <= set(
        names()["workflow"]
    )
    assert "ConversationState.sequence" in names()["messages"]
    assert "EventKind.conversation_opened" in names()["messages"]


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (["Reply.text!"], ["Reply.text!", "Reply.tone", "Note.text!"], []),
        (["Reply.text!"], ["Reply.text"], []),
        (["Reply.text"], ["Reply.words"], ["messages: Reply.text is gone"]),
        (["Reply.text"], ["Reply.text!"], ["messages: Reply.text is needed, and was not"]),
        (
            ["Reply.text"],
            ["Reply.text", "Reply.tone!"],
            ["messages: Reply.tone is needed, and was not"],
        ),
    ],
)
def test_a_field_is_added_with_a_default_and_never_taken_away(
    before: list[str], now: list[str], found: list[str]
) -> None:
    assert broken({"messages": before}, {"messages": now}) == found
