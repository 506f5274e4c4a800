"""A conversation's id is made of what opened it."""

from domain.ids import ConsumerId, ConversationId, LineId, opened_conversation_id


def opened(opener: str, number: int = 1, consumer: str = "ada") -> ConversationId:
    return opened_conversation_id(LineId("line"), ConsumerId(consumer), opener, number)


def test_an_opening_that_is_decided_again_has_the_same_id() -> None:
    assert opened("text") == opened("text")


def test_other_texts_and_other_consumers_open_other_conversations() -> None:
    assert len({opened("text"), opened("other"), opened("text", consumer="bob")}) == 3


def test_a_text_that_opens_once_more_after_a_restore_opens_another_conversation() -> None:
    assert opened("text", 2) != opened("text", 3)
