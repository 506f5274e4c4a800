"""What is stuck is told and freed although Temporal does not tell all of it in time."""

import pytest
from temporalio.service import RPCError, RPCStatusCode, WorkflowService

from domain.errors import Unavailable
from services.backends import Backends
from services.installation import Installation
from services.operating.freeing import Asked, Outcome, free
from services.operating.stuck import find
from services.operating.troubles import Remedy, Trouble
from temporal.conversations import ConversationClient
from temporal.standings import Standing, standing_of, standings_of
from tests.fixtures.centre import Centre, eventually
from workflows.conversation.messages import WORKFLOW


async def failing(centre: Centre) -> str:
    """Have the tasks of a conversation's workflow fail; returns its id."""
    workflow = centre.thread.workflow_id
    await centre.text("hello")
    await centre.when("waiting")
    await centre.client.get_workflow_handle(workflow).terminate()
    queue = centre.conversations.task_queue
    await centre.client.start_workflow(WORKFLOW, "nonsense", id=workflow, task_queue=queue)

    async def fails() -> bool:
        return (await standing_of(centre.client, workflow)).is_failing

    await eventually(fails)
    return workflow


async def test_a_failing_workflow_is_told_and_freed_although_its_history_does_not_come(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow, backends = await failing(centre), Backends(centre.sessions, centre.conversations)

    async def stuck(_conversations: ConversationClient) -> list[str]:
        return [workflow]  # Temporal lists it after a minute

    async def slow(*_: object, **__: object) -> None:
        raise RPCError("history is slow", RPCStatusCode.DEADLINE_EXCEEDED, b"")

    monkeypatch.setattr(ConversationClient, "stuck", stuck)
    monkeypatch.setattr(WorkflowService, "get_workflow_execution_history_reverse", slow)
    [one] = (await find(Installation(), backends)).of(Trouble.failing)
    assert (one.subject, one.tries > 1) == (workflow, True)
    assert one.since is not None
    asked = Asked(remedy=Remedy.restart, subject=workflow)
    assert await free(Installation(), backends, asked) is Outcome.done


async def test_a_workflow_that_is_listed_as_failing_and_runs_no_more_is_not_told(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow, backends = (
        f"{centre.thread.workflow_id}/over",
        Backends(centre.sessions, centre.conversations),
    )
    queue = centre.conversations.task_queue
    handle = await centre.client.start_workflow(WORKFLOW, "no", id=workflow, task_queue=queue)

    async def stuck(_conversations: ConversationClient) -> list[str]:
        return [workflow]

    monkeypatch.setattr(ConversationClient, "stuck", stuck)
    assert (await find(Installation(), backends)).counts[Trouble.failing] == 1
    await handle.terminate()
    found = await find(Installation(), backends)
    assert (found.of(Trouble.failing), found.counts[Trouble.failing]) == ([], 0)


async def test_one_workflow_that_does_not_answer_hides_no_other(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow, deaf = centre.thread.workflow_id, {"deaf"}
    await centre.text("hello")
    await centre.when("waiting")

    async def asked(client: object, workflow_id: str) -> Standing:
        if workflow_id in deaf:
            raise Unavailable
        return await standing_of(centre.client, workflow_id)

    monkeypatch.setattr("temporal.standings.standing_of", asked)
    told = await standings_of(centre.client, ["deaf", workflow])
    assert [*told] == [workflow]
    deaf.add(workflow)
    with pytest.raises(Unavailable):
        await standings_of(centre.client, ["deaf", workflow])
