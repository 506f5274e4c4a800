"""Commands that the workflow accepts and refuses."""

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
from tests.fixtures.centre import Centre
from workflows.conversation.commands import (
    AddNote,
    Close,
    OpenByAgent,
    Reply,
    ReturnToQueue,
    TransferToAgent,
    TransferToSkill,
)


async def test_only_the_agent_who_holds_it_may_reply(centre: Centre) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    with pytest.raises(ConversationNotAssigned):
        await centre.give(Reply(key="1", actor=centre.brand.ben, text="Me!"))


async def test_a_long_reply_is_refused_with_its_length_and_nothing_is_written(
    centre: Centre,
) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    before = await centre.spoken()
    with pytest.raises(MessageTooLong, match="1601 characters; 1600"):
        await centre.give(Reply(key="1", actor=centre.brand.ann, text="x" * 1601))
    assert await centre.spoken() == before


async def test_while_the_survey_runs_the_agent_cannot_write(centre: Centre) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await centre.give(Close(key="1", actor=centre.brand.ann))
    with pytest.raises(ConversationInSurvey):
        await centre.give(Reply(key="2", actor=centre.brand.ann, text="One more thing"))


async def test_stop_closes_the_conversation_and_commands_find_it_closed(centre: Centre) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await centre.text("STOP", keyword=Keyword.stop, provider_handled=True)
    row = await centre.when("closed")
    assert row.close_reason == "opt_out"
    with pytest.raises(ConversationClosed):
        await centre.give(Reply(key="1", actor=centre.brand.ann, text="Please stay"))


async def test_a_transfer_to_an_unknown_skill_is_refused_and_the_conversation_stays(
    centre: Centre,
) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    with pytest.raises(TransferRefused):
        await centre.give(TransferToSkill(key="1", actor=centre.brand.ann, skill_id="nowhere"))
    assert (await centre.conversation()).agent_id == centre.brand.ann.agent_id


async def test_a_note_travels_with_a_transfer_to_an_agent_and_never_to_the_phone(
    centre: Centre,
) -> None:
    brand = centre.brand
    await centre.text("hello")
    await centre.assign(brand.ann.agent_id, "Ann")
    await centre.give(AddNote(key="1", actor=brand.ann, text="Be gentle"))
    transfer = TransferToAgent(
        key="2", actor=brand.ann, agent_id=brand.ben.agent_id, agent_name="Ben", note="His dog"
    )
    await centre.give(transfer)
    row = await centre.when("waiting")
    assert row.agent_id is None
    notes = [text for author, text in await centre.spoken() if author == "note"]
    assert notes == ["Be gentle", "His dog"]
    assert not [text for text in await centre.phone() if text in notes]


async def test_a_returned_conversation_waits_again_with_a_new_ticket(centre: Centre) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await centre.give(ReturnToQueue(key="1", actor=centre.brand.ann))
    row = await centre.when("waiting")
    assert await centre.ticket(row.id) == 2


async def test_an_agent_opens_a_conversation_and_holds_it(centre: Centre) -> None:
    ann = centre.brand.ann
    command = OpenByAgent(
        key="1", actor=ann, text="Your order is here", skill_id=centre.brand.sales
    )
    done = await centre.conversations.open(centre.thread, command)
    row = await centre.when("assigned")
    assert (str(row.id), row.agent_id, row.opened_by) == (
        done.conversation_id,
        ann.agent_id,
        ann.agent_id,
    )
    with pytest.raises(ConversationAlreadyOpen):
        await centre.conversations.open(centre.thread, command.model_copy(update={"key": "2"}))


async def test_opening_to_a_consumer_who_opted_out_is_refused_and_leaves_nothing(
    centre: Centre,
) -> None:
    await centre.opt_out()
    command = OpenByAgent(
        key="1", actor=centre.brand.ann, text="Hello?", skill_id=centre.brand.support
    )
    with pytest.raises(ConsumerOptedOut):
        await centre.conversations.open(centre.thread, command)
    assert await centre.all_conversations() == []
    result = await centre.client.get_workflow_handle(centre.thread.workflow_id).result()
    assert result["conversation_id"] is None


async def test_an_operators_cancellation_closes_the_conversation_in_the_books_too(
    centre: Centre,
) -> None:
    await centre.text("hello")
    await centre.when("waiting")
    await centre.client.get_workflow_handle(centre.thread.workflow_id).cancel()
    row = await centre.when("closed")
    assert row.close_reason == "system"
    assert ("system", "survey_question") not in await centre.spoken()
