"""What `switchboard reconcile` finds while conversations go on, and after Temporal was lost."""

from uuid import UUID

import pytest
from sqlalchemy import text

from database.patience import patience
from domain.conversation.kinds import Status
from domain.errors import Unavailable
from routing.reconciling import Differences, Reconciling
from tests.fixtures.patience import PATIENCE_SECONDS
from tests.routing.scenario import Scenario
from tests.routing.test_watches import closed, held, runs

MANY = 2_000
MORE_CONSUMERS = """
    INSERT INTO consumer SELECT (jsonb_populate_record(consumer, jsonb_build_object(
        'id', gen_random_uuid(), 'number', '+1556' || nth, 'phone', '+1556' || nth
    ))).* FROM consumer, generate_series(1, :many) AS nth WHERE consumer.id = :consumer
"""
MORE_CONVERSATIONS = """
    INSERT INTO conversation SELECT (jsonb_populate_record(conversation, jsonb_build_object(
        'id', gen_random_uuid(), 'consumer_id', consumer.id, 'workflow_id', 'sms/' || consumer.id
    ))).* FROM conversation, consumer
    WHERE conversation.id = :conversation AND consumer.id <> conversation.consumer_id
"""


async def compared(scenario: Scenario) -> Differences:
    return await Reconciling(scenario.sessions, scenario.conversations).compare()


async def alone(scenario: Scenario) -> list[UUID]:
    """Return the conversations that are told to have no workflow."""
    return [row.conversation_id for row in (await compared(scenario)).unmatched.rows]


async def test_a_completed_workflow_that_temporals_list_still_has_is_not_told(
    scenario: Scenario,
) -> None:
    workflow = await runs(scenario, await closed(scenario))
    assert (await compared(scenario)).unmatched.workflows == [workflow]
    scenario.conversations.completed.add(workflow)
    assert not await compared(scenario)


async def test_a_conversation_that_closes_while_its_workflow_is_asked_is_not_told(
    scenario: Scenario,
) -> None:
    conversation = await held(scenario)

    async def close() -> None:
        await scenario.row(conversation, status=str(Status.closed))

    scenario.conversations.when_described = close
    assert not await compared(scenario)


async def test_a_conversation_whose_workflow_could_not_be_asked_is_told_with_the_others(
    scenario: Scenario,
) -> None:
    lost = [await held(scenario, f"+1555012{number:04}") for number in range(3)]
    scenario.conversations.deaf.add(await scenario.workflow(lost[1]))
    assert sorted(await alone(scenario)) == sorted(lost)


async def test_nothing_is_told_as_missing_where_no_workflow_could_be_asked(
    scenario: Scenario,
) -> None:
    scenario.conversations.deaf.add(await scenario.workflow(await held(scenario)))
    with pytest.raises(Unavailable):
        await compared(scenario)


async def test_thousands_of_conversations_are_told_after_temporal_was_lost(
    scenario: Scenario,
) -> None:
    first = await held(scenario)
    async with scenario.sessions.begin() as session:
        query = text("SELECT consumer_id FROM conversation WHERE id = :id")
        consumer = await session.scalar(query, {"id": first})
        async with patience(session, PATIENCE_SECONDS):
            await session.execute(text(MORE_CONSUMERS), {"many": MANY, "consumer": consumer})
            await session.execute(text(MORE_CONVERSATIONS), {"conversation": first})
    assert len(await alone(scenario)) == MANY + 1
