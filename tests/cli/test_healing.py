"""`switchboard doctor --heal` puts fresh workflows in the place of those that fail."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from temporalio.client import WorkflowExecutionStatus

from database.tables import Inbound, Line
from temporal.conversations import ConversationClient
from tests.cli.test_doctor import Command, api_url, beating, command, said
from tests.fixtures.centre import Centre

__all__ = ["api_url", "beating", "command"]


async def test_a_workflow_whose_tasks_fail_is_replaced_by_one_that_continues_from_the_database(
    centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    await centre.text("hello")
    await centre.when("waiting")
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)
    before = (await handle.describe()).run_id
    text = uuid4()
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    async with centre.sessions.begin() as session:  # it stood in the mailbox of the workflow only
        line = await session.get_one(Line, centre.brand.line_id)
        session.add(
            Inbound(
                id=text,
                account_id=line.account_id,
                connector_id=line.connector_id,
                line_id=line.id,
                consumer_id=UUID(centre.thread.consumer_id),
                provider_message_id="lost",
                text="Are you there?",
                received_at=hour_ago,
                handed_over_at=hour_ago,
                hand_overs=1,
            )
        )

    async def stuck(_conversations: ConversationClient) -> list[str]:
        return [centre.thread.workflow_id]

    monkeypatch.setattr(ConversationClient, "stuck", stuck)
    code, _ = await said(command, "doctor", "--heal")
    assert code == 1
    now = await handle.describe()
    assert now.run_id != before
    assert now.status is WorkflowExecutionStatus.RUNNING
    async with centre.sessions() as session:
        assert await session.scalar(select(Inbound.handed_over_at).filter_by(id=text)) is None
