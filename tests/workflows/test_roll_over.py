"""A long conversation goes on in a fresh run, with everything carried along."""

from temporalio.client import WorkflowExecutionStatus

from tests.fixtures.floor import Floor, eventually
from tests.workflows.test_nothing_lost import all_taken
from workflows.conversation.messages import Reply


async def test_a_long_conversation_rolls_over_without_losing_or_doubling_anything(
    floor: Floor,
) -> None:
    await floor.text("first")
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    for number in range(40):
        await floor.text(f"text {number}")
        if number % 4 == 0:
            reply = Reply(key=f"r{number}", actor=floor.brand.ann, text=f"reply {number}")
            await floor.give(reply)
    await all_taken(floor, 41)
    handle = floor.client.get_workflow_handle(floor.thread.workflow_id)

    async def runs() -> int:
        return int((await handle.query("state"))["runs"])

    assert await eventually(runs) >= 1
    assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    again = Reply(key="r36", actor=floor.brand.ann, text="reply 36")
    await floor.give(again)
    replies = [text for author, text in await floor.spoken() if author == "agent"]
    assert replies == [f"reply {number}" for number in range(0, 40, 4)]
    assert len(await floor.all_conversations()) == 1
