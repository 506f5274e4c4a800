"""What is read of a conversation to start its workflow again."""

from database.queries.watches import thread_of
from domain.conversation.kinds import Status
from tests.database.transcripts import new_conversation
from tests.routing.scenario import Scenario


async def test_a_thread_has_all_that_its_workflow_is_started_with(scenario: Scenario) -> None:
    ann = scenario.brand.ann.agent_id
    conversation = await new_conversation(
        scenario.sessions, scenario.brand, Status.assigned, number="+15550123", agent_id=ann
    )
    thread = await thread_of(scenario.sessions.direct, conversation)
    assert thread
    assert thread.workflow_id == f"sms/{scenario.brand.line_id}/{thread.consumer_id}"
    assert (thread.account_id, thread.line_id) == (
        scenario.brand.account_id,
        scenario.brand.line_id,
    )
    assert (thread.skill_id, thread.sequence) == (scenario.brand.support, 1)
    assert thread.summary == "+15550123 on Support line"
