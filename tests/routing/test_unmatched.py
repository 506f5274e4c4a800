"""Rows and workflows are compared twice, because Temporal's list lags and conversations go on."""

from datetime import timedelta

from domain.conversation.kinds import Status
from routing.unmatched import Unmatched, still_unmatched, unmatched
from tests.database.transcripts import new_conversation
from tests.routing.scenario import Scenario
from tests.routing.test_watches import ago, closed, held, runs


async def test_a_workflow_whose_conversation_has_just_closed_may_still_complete(
    scenario: Scenario,
) -> None:
    direct = scenario.sessions.direct
    conversation = await new_conversation(scenario.sessions, scenario.brand, Status.closed)
    workflow = await runs(scenario, conversation)
    assert (await unmatched(direct, scenario.conversations)).workflows == []
    await scenario.row(conversation, closed_at=ago(timedelta(minutes=3)))
    assert (await unmatched(direct, scenario.conversations)).workflows == [workflow]


async def test_what_agrees_by_now_is_left_out_in_both_directions(scenario: Scenario) -> None:
    direct = scenario.sessions.direct
    lost, other = await held(scenario), await held(scenario, "+15550124")
    idle = await runs(scenario, await closed(scenario, "+15550125"))
    over = await closed(scenario, "+15550126")
    opened = await runs(scenario, over)
    found = await unmatched(direct, scenario.conversations)
    assert {row.conversation_id for row in found.rows} == {lost, other}
    assert sorted(found.workflows) == sorted([idle, opened])
    await scenario.row(other, status=str(Status.closed))
    await scenario.row(over, status=str(Status.assigned))
    runs_now = dict.fromkeys((idle, opened), True)
    left = await still_unmatched(direct, found, runs_now)
    assert [row.conversation_id for row in left.rows] == [lost]
    assert left.workflows == [idle]
    begun = await scenario.workflow(lost)
    left = await still_unmatched(direct, found, runs_now | {begun: True, idle: False})
    assert left == Unmatched([], [])


async def test_what_did_not_answer_counts_as_the_list_has_it(scenario: Scenario) -> None:
    direct, lost = scenario.sessions.direct, await held(scenario)
    idle = await runs(scenario, await closed(scenario, "+15550124"))
    left = await still_unmatched(direct, await unmatched(direct, scenario.conversations), {})
    assert [row.conversation_id for row in left.rows] == [lost]
    assert left.workflows == [idle]
