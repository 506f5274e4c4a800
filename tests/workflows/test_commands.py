"""What agents may and may not do, as the workflow answers it."""

import pytest

from domain.consent.keyword import Keyword
from domain.errors import (
    ConsumerOptedOut,
    ConversationAlreadyOpen,
    ConversationClosed,
    ConversationInSurvey,
    ConversationNotAssigned,
    MessageTooLong,
    TransferRefused,
)
from tests.fixtures.floor import Floor
from workflows.conversation.messages import (
    AddNote,
    Close,
    OpenByAgent,
    Reply,
    ReturnToQueue,
    TransferToAgent,
    TransferToSkill,
)


async def test_only_the_agent_who_holds_it_may_reply(floor: Floor) -> None:
    await floor.text("hello")
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    with pytest.raises(ConversationNotAssigned):
        await floor.give(Reply(key="1", actor=floor.brand.ben, text="Me!"))


async def test_a_long_reply_is_refused_with_its_length_and_nothing_is_written(
    floor: Floor,
) -> None:
    await floor.text("hello")
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    before = await floor.spoken()
    with pytest.raises(MessageTooLong, match="1601 characters; 1600"):
        await floor.give(Reply(key="1", actor=floor.brand.ann, text="x" * 1601))
    assert await floor.spoken() == before


async def test_while_the_survey_runs_the_agent_cannot_write(floor: Floor) -> None:
    await floor.text("hello")
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    await floor.give(Close(key="1", actor=floor.brand.ann))
    with pytest.raises(ConversationInSurvey):
        await floor.give(Reply(key="2", actor=floor.brand.ann, text="One more thing"))


async def test_stop_closes_the_conversation_and_commands_find_it_closed(floor: Floor) -> None:
    await floor.text("hello")
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    await floor.text("STOP", keyword=Keyword.stop, provider_handled=True)
    row = await floor.when("closed")
    assert row.close_reason == "opt_out"
    with pytest.raises(ConversationClosed):
        await floor.give(Reply(key="1", actor=floor.brand.ann, text="Please stay"))


async def test_a_transfer_to_an_unknown_skill_is_refused_and_the_conversation_stays(
    floor: Floor,
) -> None:
    await floor.text("hello")
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    with pytest.raises(TransferRefused):
        await floor.give(TransferToSkill(key="1", actor=floor.brand.ann, skill_id="nowhere"))
    assert (await floor.conversation()).agent_id == floor.brand.ann.agent_id


async def test_a_note_travels_with_a_transfer_to_an_agent_and_never_to_the_phone(
    floor: Floor,
) -> None:
    brand = floor.brand
    await floor.text("hello")
    await floor.assign(brand.ann.agent_id, "Ann")
    await floor.give(AddNote(key="1", actor=brand.ann, text="Be gentle"))
    transfer = TransferToAgent(
        key="2", actor=brand.ann, agent_id=brand.ben.agent_id, agent_name="Ben", note="His dog"
    )
    await floor.give(transfer)
    row = await floor.when("waiting")
    assert row.agent_id is None
    notes = [text for author, text in await floor.spoken() if author == "note"]
    assert notes == ["Be gentle", "His dog"]
    assert not [text for text in await floor.phone() if text in notes]


async def test_a_returned_conversation_waits_again_with_a_new_ticket(floor: Floor) -> None:
    await floor.text("hello")
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    await floor.give(ReturnToQueue(key="1", actor=floor.brand.ann))
    row = await floor.when("waiting")
    assert await floor.ticket(row.id) == 2


async def test_an_agent_opens_a_conversation_and_holds_it(floor: Floor) -> None:
    ann = floor.brand.ann
    command = OpenByAgent(key="1", actor=ann, text="Your order is here", skill_id=floor.brand.sales)
    done = await floor.conversations.open(floor.thread, command)
    row = await floor.when("assigned")
    assert (str(row.id), row.agent_id, row.opened_by) == (
        done.conversation_id,
        ann.agent_id,
        ann.agent_id,
    )
    with pytest.raises(ConversationAlreadyOpen):
        await floor.conversations.open(floor.thread, command.model_copy(update={"key": "2"}))


async def test_opening_to_a_consumer_who_opted_out_is_refused_and_leaves_nothing(
    floor: Floor,
) -> None:
    await floor.opt_out()
    command = OpenByAgent(
        key="1", actor=floor.brand.ann, text="Hello?", skill_id=floor.brand.support
    )
    with pytest.raises(ConsumerOptedOut):
        await floor.conversations.open(floor.thread, command)
    assert await floor.all_conversations() == []
    result = await floor.client.get_workflow_handle(floor.thread.workflow_id).result()
    assert result["conversation_id"] is None


async def test_an_operators_cancellation_closes_the_conversation_in_the_books_too(
    floor: Floor,
) -> None:
    await floor.text("hello")
    await floor.when("waiting")
    await floor.client.get_workflow_handle(floor.thread.workflow_id).cancel()
    row = await floor.when("closed")
    assert row.close_reason == "system"
    assert ("system", "survey_question") not in await floor.spoken()
