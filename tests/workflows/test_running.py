"""Texts to a conversation that ran at the last text: signalled at once, or opened anew."""

from sqlalchemy import func, select

from database.tables import Message
from temporal.running import SeenRunning
from tests.fixtures.floor import Floor, eventually
from workflows.conversation.messages import Reply


def test_the_thread_nobody_texted_to_for_longest_is_forgotten_first() -> None:
    seen = SeenRunning(most=2)
    for workflow in ("a", "b", "a", "c"):
        seen.add(workflow)
    assert [workflow in seen for workflow in ("a", "b", "c")] == [True, False, True]


async def test_a_conversation_whose_workflow_was_terminated_goes_on_with_the_next_text(
    floor: Floor,
) -> None:
    await floor.text("first")
    await floor.text("second")
    assert await _texts_taken(floor, 2)
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    handle = floor.conversations.client.get_workflow_handle(floor.thread.workflow_id)
    await handle.terminate()
    await floor.text("third")
    await floor.text("fourth")
    assert await _texts_taken(floor, 4)
    [row] = await floor.all_conversations()
    assert (row.status, row.agent_id) == ("assigned", floor.brand.ann.agent_id)
    await floor.give(Reply(key="1", actor=floor.brand.ann, text="I am still here."))
    authors = [author for author, _ in await floor.spoken() if author != "system"]
    assert authors == ["consumer"] * 4 + ["agent"]


async def _texts_taken(floor: Floor, count: int) -> bool | None:
    async def look() -> bool | None:
        async with floor.sessions() as session:
            query = select(func.count()).where(Message.author == "consumer")
            return await session.scalar(query) == count or None

    return await eventually(look)
