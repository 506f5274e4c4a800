"""Conversations that go on from what stands in the database, in a workflow started again."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from database.queries.system_close import close_by_system
from database.tables import Message
from domain.errors import ConversationNotAssigned, TransferRefused
from tests.fixtures.floor import Floor, eventually
from workflows.conversation.messages import ConsumerTexted, OpenByAgent, Reply


async def held_by_ann(floor: Floor) -> None:
    await floor.text("hello")
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    await floor.give(Reply(key="1", actor=floor.brand.ann, text="Hi"))

    async def has_arrived() -> bool:
        return "Hi" in await floor.phone()

    await eventually(has_arrived)


async def terminate(floor: Floor) -> None:
    await floor.client.get_workflow_handle(floor.thread.workflow_id).terminate()


async def test_a_workflow_that_was_terminated_runs_again_and_takes_commands(floor: Floor) -> None:
    await held_by_ann(floor)
    await terminate(floor)
    await floor.conversations.look_again(floor.thread)
    await floor.give(Reply(key="2", actor=floor.brand.ann, text="Still here"))
    assert [text for author, text in await floor.spoken() if author == "agent"] == [
        "Hi",
        "Still here",
    ]

    async def is_listed() -> bool:
        running = await floor.conversations.running(before=datetime.now(UTC))
        return floor.thread.workflow_id in running

    await eventually(is_listed)


async def test_a_command_given_before_the_workflow_was_terminated_is_not_done_again(
    floor: Floor,
) -> None:
    await held_by_ann(floor)
    await terminate(floor)
    await floor.conversations.look_again(floor.thread)
    row = await floor.conversation()
    again = Reply(key="1", actor=floor.brand.ann, text="Hi", row_sequence=row.sequence)
    done = await floor.give(again)
    [reply] = [one for one in await floor.transcript() if one.author == "agent"]
    assert done.message_id == str(reply.id)


async def test_a_text_that_had_not_left_leaves_from_the_new_workflow(floor: Floor) -> None:
    await held_by_ann(floor)
    await terminate(floor)
    [reply] = [one for one in await floor.transcript() if one.author == "agent"]
    unsent = {"status": "queued", "attempts": 0, "attempted_at": None, "provider_message_id": None}
    async with floor.sessions.begin() as session:
        await session.execute(update(Message).where(Message.id == reply.id).values(unsent))
    await floor.conversations.look_again(floor.thread)

    async def leaves() -> bool:
        return (await floor.phone()).count("Hi") == 2

    await eventually(leaves)


async def test_a_closed_conversation_is_not_brought_back(floor: Floor) -> None:
    await floor.text("help", keyword="help", provider_handled=True)
    before = await floor.when("closed")
    await floor.client.get_workflow_handle(floor.thread.workflow_id).result()
    await floor.conversations.look_again(floor.thread)
    await floor.client.get_workflow_handle(floor.thread.workflow_id).result()
    [after] = await floor.all_conversations()
    assert (after.status, after.sequence) == ("closed", before.sequence)


async def handed_over_again(floor: Floor, message_id: str) -> None:
    text = ConsumerTexted(
        message_id=message_id, text="hello", received_at=datetime.now(UTC), again=True
    )
    await floor.conversations.hand_over(floor.thread, [text])
    await floor.text("after that")

    async def is_taken() -> bool:
        return "after that" in [text for _, text in await floor.spoken()]

    await eventually(is_taken)


async def test_a_text_handed_over_again_stands_once(floor: Floor) -> None:
    sent = await floor.text("hello")
    await floor.when("waiting")
    await handed_over_again(floor, sent)
    assert [text for author, text in await floor.spoken() if author == "consumer"] == [
        "hello",
        "after that",
    ]


async def test_a_text_that_was_seen_and_stands_nowhere_is_taken_when_handed_over_again(
    floor: Floor,
) -> None:
    await floor.text("first")
    lost = await floor.text("hello")

    async def stands() -> bool:
        return "hello" in [text for _, text in await floor.spoken()]

    await eventually(stands)
    async with floor.sessions.begin() as session:
        await session.execute(delete(Message).where(Message.id == UUID(lost)))
    await handed_over_again(floor, lost)
    assert sorted(text for author, text in await floor.spoken() if author == "consumer") == [
        "after that",
        "first",
        "hello",
    ]


async def test_a_refusal_is_told_also_while_texts_wait_to_be_sent(floor: Floor) -> None:
    """Its giver saw less of the conversation, so the database is asked before it is refused."""
    await held_by_ann(floor)
    await floor.fault("too_many_requests", count=50, retry_after=2)
    await floor.give(Reply(key="2", actor=floor.brand.ann, text="Waits"))
    row = await floor.conversation()
    late = Reply(key="3", actor=floor.brand.ben, text="Not mine")
    with pytest.raises(ConversationNotAssigned):
        await floor.conversations.command(floor.thread, str(row.id), late, row_sequence=1)


async def test_an_opening_is_not_refused_for_a_conversation_that_was_ended_in_the_database(
    floor: Floor,
) -> None:
    await held_by_ann(floor)
    row = await floor.conversation()
    assert await close_by_system(floor.sessions, row.id)
    command = OpenByAgent(
        key="4", actor=floor.brand.ann, text="One more thing", skill_id=floor.brand.support
    )
    opened = await floor.conversations.open(floor.thread, command)
    assert opened.conversation_id != str(row.id)


async def test_an_opening_with_a_skill_that_is_gone_is_refused(floor: Floor) -> None:
    command = OpenByAgent(key="1", actor=floor.brand.ann, text="Hello", skill_id="gone")
    with pytest.raises(TransferRefused):
        await floor.conversations.open(floor.thread, command)
    await floor.text("hello")
    await floor.when("waiting")
