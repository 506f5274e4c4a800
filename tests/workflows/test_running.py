"""Texts to a conversation that ran at the last text: signalled at once, or opened anew."""

from sqlalchemy import func, select

from database.tables import Conversation, Message
from tests.fixtures.floor import Floor, eventually
from workflows.running import SeenRunning


def test_the_thread_nobody_texted_to_for_longest_is_forgotten_first() -> None:
    seen = SeenRunning(most=2)
    for workflow in ("a", "b", "a", "c"):
        seen.add(workflow)
    assert [workflow in seen for workflow in ("a", "b", "c")] == [True, False, True]


async def test_a_text_after_an_operator_terminated_the_conversation_opens_a_new_one(
    floor: Floor,
) -> None:
    await floor.text("first")
    await floor.text("second")
    assert await _texts_taken(floor, 2)
    handle = floor.conversations.client.get_workflow_handle(floor.thread.workflow_id)
    await handle.terminate()
    await floor.text("third")
    await floor.text("fourth")
    assert await _texts_taken(floor, 4)
    async with floor.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Conversation)) == 2


async def _texts_taken(floor: Floor, count: int) -> bool | None:
    async def look() -> bool | None:
        async with floor.sessions() as session:
            query = select(func.count()).where(Message.author == "consumer")
            return await session.scalar(query) == count or None

    return await eventually(look)
