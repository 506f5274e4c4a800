"""A long conversation goes on in a fresh run, with everything carried along."""

from temporalio.client import WorkflowExecutionStatus

from tests.fixtures.centre import Centre, eventually
from tests.workflows.test_nothing_lost import all_taken
from workflows.conversation.commands import Reply


async def test_a_long_conversation_rolls_over_without_losing_or_doubling_anything(
    centre: Centre,
) -> None:
    await centre.text("first")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    for number in range(40):
        await centre.text(f"text {number}")
        if number % 4 == 0:
            reply = Reply(key=f"r{number}", actor=centre.brand.ann, text=f"reply {number}")
            await centre.give(reply)
    await all_taken(centre, 41)
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)

    async def runs() -> int:
        return int((await handle.query("state"))["runs"])

    assert await eventually(runs) >= 1
    assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    again = Reply(key="r36", actor=centre.brand.ann, text="reply 36")
    await centre.give(again)
    replies = [text for author, text in await centre.spoken() if author == "agent"]
    assert replies == [f"reply {number}" for number in range(0, 40, 4)]
    assert len(await centre.all_conversations()) == 1
