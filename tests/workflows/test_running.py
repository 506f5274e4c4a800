"""Texts to a conversation that ran at the last text: signalled at once, or opened again."""

from sqlalchemy import func, select

from database.tables import Message
from temporal.running import SeenRunning
from tests.fixtures.centre import Centre, eventually
from workflows.conversation.commands import Reply


def test_the_thread_nobody_texted_to_for_longest_is_forgotten_first() -> None:
    seen = SeenRunning(most=2)
    for workflow in ("a", "b", "a", "c"):
        seen.add(workflow)
    assert [workflow in seen for workflow in ("a", "b", "c")] == [True, False, True]


async def test_a_conversation_whose_workflow_was_terminated_goes_on_with_the_next_text(
    centre: Centre,
) -> None:
    await centre.text("first")
    await centre.text("second")
    assert await _texts_taken(centre, 2)
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    handle = centre.conversations.client.get_workflow_handle(centre.thread.workflow_id)
    await handle.terminate()
    await centre.text("third")
    await centre.text("fourth")
    assert await _texts_taken(centre, 4)
    [row] = await centre.all_conversations()
    assert (row.status, row.agent_id) == ("assigned", centre.brand.ann.agent_id)
    await centre.give(Reply(key="1", actor=centre.brand.ann, text="I am still here."))
    authors = [author for author, _ in await centre.spoken() if author != "system"]
    assert authors == ["consumer"] * 4 + ["agent"]


async def _texts_taken(centre: Centre, count: int) -> bool | None:
    async def look() -> bool | None:
        async with centre.sessions() as session:
            query = select(func.count()).where(Message.author == "consumer")
            return await session.scalar(query) == count or None

    return await eventually(look)
