"""Conversations that continue from the recorded step, in a workflow started again."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from database.queries.system_close import close_by_system
from database.tables import Message
from domain.conversation.inputs import ReceivedText
from domain.errors import ConversationNotAssigned, TransferRefused
from tests.fixtures.centre import Centre, eventually
from workflows.conversation.commands import OpenByAgent, Reply
from workflows.conversation.messages import CommandDone


async def held_by_ann(centre: Centre) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await centre.give(Reply(key="1", actor=centre.brand.ann, text="Hi"))

    async def has_arrived() -> bool:
        return "Hi" in await centre.phone()

    await eventually(has_arrived)


async def terminate(centre: Centre) -> None:
    await centre.client.get_workflow_handle(centre.thread.workflow_id).terminate()


async def give(centre: Centre, command: Reply) -> CommandDone:
    """Give a command as the API does, with the step it saw: a new workflow reads that first."""
    row = await centre.conversation()
    return await centre.conversations.command(
        centre.thread, str(row.id), command, row_sequence=row.sequence
    )


async def test_a_workflow_that_was_terminated_runs_again_and_takes_commands(centre: Centre) -> None:
    await held_by_ann(centre)
    await terminate(centre)
    await centre.conversations.look_again(centre.thread)
    await give(centre, Reply(key="2", actor=centre.brand.ann, text="Still here"))
    assert [text for author, text in await centre.spoken() if author == "agent"] == [
        "Hi",
        "Still here",
    ]

    async def is_listed() -> bool:
        running = await centre.conversations.running()
        return centre.thread.workflow_id in running

    await eventually(is_listed)


async def test_a_command_given_before_the_workflow_was_terminated_is_not_done_again(
    centre: Centre,
) -> None:
    await held_by_ann(centre)
    await terminate(centre)
    await centre.conversations.look_again(centre.thread)
    done = await give(centre, Reply(key="1", actor=centre.brand.ann, text="Hi"))
    [reply] = [one for one in await centre.transcript() if one.author == "agent"]
    assert done.message_id == str(reply.id)


async def test_a_text_that_had_not_left_leaves_from_the_new_workflow(centre: Centre) -> None:
    await held_by_ann(centre)
    await terminate(centre)
    [reply] = [one for one in await centre.transcript() if one.author == "agent"]
    unsent = {"status": "queued", "attempts": 0, "attempted_at": None, "provider_message_id": None}
    async with centre.sessions.begin() as session:
        await session.execute(update(Message).where(Message.id == reply.id).values(unsent))
    await centre.conversations.look_again(centre.thread)

    async def leaves() -> bool:
        return (await centre.phone()).count("Hi") == 2

    await eventually(leaves)


async def test_a_closed_conversation_is_not_brought_back(centre: Centre) -> None:
    await centre.text("help", keyword="help", provider_handled=True)
    before = await centre.when("closed")
    await centre.client.get_workflow_handle(centre.thread.workflow_id).result()
    await centre.conversations.look_again(centre.thread)
    await centre.client.get_workflow_handle(centre.thread.workflow_id).result()
    [after] = await centre.all_conversations()
    assert (after.status, after.sequence) == ("closed", before.sequence)


async def handed_over_again(centre: Centre, message_id: str) -> None:
    text = ReceivedText(
        message_id=message_id, text="hello", received_at=datetime.now(UTC), again=True
    )
    await centre.conversations.hand_over(centre.thread, [text])
    await centre.text("after that")

    async def is_taken() -> bool:
        return "after that" in [text for _, text in await centre.spoken()]

    await eventually(is_taken)


async def test_a_text_handed_over_again_stands_once(centre: Centre) -> None:
    sent = await centre.text("hello")
    await centre.when("waiting")
    await handed_over_again(centre, sent)
    assert [text for author, text in await centre.spoken() if author == "consumer"] == [
        "hello",
        "after that",
    ]


async def test_a_text_that_was_seen_and_stands_nowhere_is_taken_when_handed_over_again(
    centre: Centre,
) -> None:
    await centre.text("first")
    lost = await centre.text("hello")

    async def stands() -> bool:
        return "hello" in [text for _, text in await centre.spoken()]

    await eventually(stands)
    async with centre.sessions.begin() as session:
        await session.execute(delete(Message).where(Message.id == UUID(lost)))
    await handed_over_again(centre, lost)
    assert sorted(text for author, text in await centre.spoken() if author == "consumer") == [
        "after that",
        "first",
        "hello",
    ]


async def test_a_refusal_is_told_also_while_texts_wait_to_be_sent(centre: Centre) -> None:
    """The sender saw fewer steps, so the database is read before the command is refused."""
    await held_by_ann(centre)
    await centre.fault("too_many_requests", count=50, retry_after=2)
    await centre.give(Reply(key="2", actor=centre.brand.ann, text="Waits"))
    row = await centre.conversation()
    late = Reply(key="3", actor=centre.brand.ben, text="Not mine")
    with pytest.raises(ConversationNotAssigned):
        await centre.conversations.command(centre.thread, str(row.id), late, row_sequence=1)


async def test_an_opening_is_not_refused_for_a_conversation_that_was_ended_in_the_database(
    centre: Centre,
) -> None:
    await held_by_ann(centre)
    row = await centre.conversation()
    assert await close_by_system(centre.sessions, row.id)
    command = OpenByAgent(
        key="4", actor=centre.brand.ann, text="One more thing", skill_id=centre.brand.support
    )
    opened = await centre.conversations.open(centre.thread, command)
    assert opened.conversation_id != str(row.id)


async def test_an_opening_with_a_skill_that_is_gone_is_refused(centre: Centre) -> None:
    command = OpenByAgent(key="1", actor=centre.brand.ann, text="Hello", skill_id="gone")
    with pytest.raises(TransferRefused):
        await centre.conversations.open(centre.thread, command)
    await centre.text("hello")
    await centre.when("waiting")
