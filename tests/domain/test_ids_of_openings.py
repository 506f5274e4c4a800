"""A conversation's id is made of what opened it."""

from domain.ids import ConsumerId, ConversationId, LineId, opened_as


def opened(opener: str, *, line: str = "line", consumer: str = "ada") -> ConversationId:
    return opened_as(LineId(line), ConsumerId(consumer), opener)


def test_an_opening_that_is_decided_again_has_the_same_id() -> None:
    assert opened("text") == opened("text")


def test_other_texts_lines_and_consumers_open_other_conversations() -> None:
    others = [opened("other"), opened("text", line="other"), opened("text", consumer="bob")]
    assert len({opened("text"), *others}) == 4
