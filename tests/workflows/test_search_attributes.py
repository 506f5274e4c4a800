"""What operators find in the Temporal UI: since when a conversation waits, and the way back."""

from dataclasses import replace
from datetime import timedelta

from temporalio.client import WorkflowExecutionDescription
from temporalio.common import TypedSearchAttributes

from tests.fixtures.centre import Centre, eventually
from workflows.conversation.commands import Reply
from workflows.search_attributes import AGENT, DUE_AT, STATUS, WAITING_SINCE

PUBLIC = "https://sms.example.com"


async def test_one_query_finds_who_waits_in_a_skill_for_how_long(centre: Centre) -> None:
    linked = replace(centre, conversations=replace(centre.conversations, public_url=PUBLIC))
    await linked.text("hello")
    row = await linked.when("waiting")
    seen = await _seen(linked)
    since = seen.typed_search_attributes.get(WAITING_SINCE)
    assert since is not None
    assert abs(since - row.opened_at) < timedelta(minutes=1)
    link = f"{PUBLIC}/conversations?consumer={linked.thread.consumer_id}"
    assert link in str(await seen.static_details())

    later, earlier = since + timedelta(seconds=1), since - timedelta(seconds=1)
    await _is_found(linked, row.skill_id, f'SwitchboardWaitingSince < "{later.isoformat()}"')
    before = _query(linked, row.skill_id, f'SwitchboardWaitingSince < "{earlier.isoformat()}"')
    assert (await linked.client.count_workflows(before)).count == 0

    await linked.assign(linked.brand.ann.agent_id, "Ann")

    async def assigned() -> TypedSearchAttributes | None:
        known = (await _seen(linked)).typed_search_attributes
        its = (known.get(STATUS), known.get(AGENT))
        return known if its == ("assigned", linked.brand.ann.agent_id) else None

    known = await eventually(assigned)
    assert known is not None
    row = await linked.when("assigned")
    assert known.get(DUE_AT) == row.response_due_at
    await linked.give(Reply(key="1", actor=linked.brand.ann, text="Hello!"))


async def _seen(centre: Centre) -> WorkflowExecutionDescription:
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)
    return await handle.describe()


def _query(centre: Centre, skill: str | None, more: str) -> str:
    its = f'WorkflowId = "{centre.thread.workflow_id}" AND ExecutionStatus = "Running"'
    return f'{its} AND SwitchboardStatus = "waiting" AND SwitchboardSkill = "{skill}" AND {more}'


async def _is_found(centre: Centre, skill: str | None, more: str) -> None:
    """Wait until a query finds the conversation; fail with what is known of it."""

    async def look() -> bool:
        count = await centre.client.count_workflows(_query(centre, skill, more))
        return count.count == 1

    try:
        await eventually(look)
    except AssertionError as error:
        seen = await _seen(centre)
        error.add_note(f"{more}: {seen.status}, {seen.typed_search_attributes}")
        raise
