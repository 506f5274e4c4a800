"""What is left of a draft once something was sent."""

from uuid import UUID

import pytest

from domain.writing.drafts import Written, after_sending

ONE, TWO = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("draft", "left"),
    [
        ("On my way.", ""),
        ("On my way. And one more", "And one more"),
        ("  On my way.\nAnd one more", "And one more"),
        ("", ""),
        ("On my", "On my"),
        ("Something else", "Something else"),
        ("So: On my way.", "So: On my way."),
    ],
)
def test_only_what_was_sent_is_taken_out_of_a_draft(draft: str, left: str) -> None:
    assert after_sending(Written(draft), Written("On my way. ")).text == left


def test_pictures_and_the_saved_reply_go_with_what_was_sent() -> None:
    draft = Written("Look", (ONE, TWO), saved_reply=ONE)
    assert after_sending(draft, Written("Look", (ONE,))) == Written(pictures=(TWO,))
    assert after_sending(draft, Written("Other words")) == draft
