"""What is left of a draft once something was sent; of its words, the vectors tell more."""

from uuid import UUID

from domain.writing.drafts import Written, after_sending

ONE, TWO = UUID(int=1), UUID(int=2)


def test_pictures_and_the_saved_reply_go_with_what_was_sent() -> None:
    draft = Written("Look", (ONE, TWO), saved_reply=ONE)
    assert after_sending(draft, Written("Look", (ONE,))) == Written(pictures=(TWO,))
    assert after_sending(draft, Written("Other words")) == draft
