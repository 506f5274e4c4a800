"""Who would get a text now."""

from datetime import UTC, datetime, timedelta

import pytest

from database.queries.dry_run import DryRun, dry_run
from database.queries.policy import UnknownSkill
from database.tables import LineKeyword
from domain.conversation.kinds import Status
from tests.database.transcripts import new_conversation
from tests.routing.scenario import Scenario

NUMBER = "+15550123"


async def tried(scenario: Scenario, text: str = "Hello", number: str = NUMBER) -> DryRun:
    async with scenario.sessions() as session:
        return await dry_run(
            session,
            scenario.brand.account_id,
            scenario.brand.line_id,
            number,
            text,
            datetime.now(UTC),
        )


async def test_it_names_skill_and_agent_and_changes_nothing(scenario: Scenario) -> None:
    await scenario.online(scenario.brand.ann.agent_id)
    found = await tried(scenario)
    assert (found.skill_id, found.skill_name) == (scenario.brand.support, "Support")
    assert found.skill_reason == "It is the entry skill of the line."
    assert (found.agent_id, found.agent_name) == (scenario.brand.ann.agent_id, "Ann")
    assert found.reason == "Ann is the only one of Support with room: 0 of 5."
    assert [one.name for one in found.candidates] == ["Ann"]
    assert await scenario.chosen() == {}


async def test_it_says_why_it_would_wait_and_behind_how_many(scenario: Scenario) -> None:
    await scenario.online(scenario.brand.ann.agent_id, capacity=0)
    await scenario.waits(1)
    await scenario.waits(2, priority=-5)
    found = await tried(scenario)
    assert found.agent_id is None
    assert found.reason == "Everybody of Support who is online is busy."
    assert found.waiting_before == 1


async def test_a_text_with_a_response_time_waits_behind_what_is_due_before(
    scenario: Scenario,
) -> None:
    await scenario.skill(scenario.brand.support, response_seconds=600)
    now = datetime.now(UTC)
    for minutes in (9, 11):
        await scenario.waits(minutes, due_at=now + timedelta(minutes=minutes))
    await scenario.waits(1)
    assert (await tried(scenario)).waiting_before == 2
    await scenario.skill(scenario.brand.support, priority=5)
    assert (await tried(scenario)).waiting_before == 1
    await scenario.skill(scenario.brand.support, first_response_seconds=1200)
    assert (await tried(scenario)).waiting_before == 3


async def test_conversations_served_before_take_the_room_they_need(scenario: Scenario) -> None:
    await scenario.online(scenario.brand.ann.agent_id, capacity=1)
    await scenario.waits(1)
    found = await tried(scenario)
    assert (found.agent_id, found.waiting_before) == (None, 1)
    assert found.reason == "Everybody of Support who is online is busy."
    await scenario.agent(scenario.brand.ann.agent_id, capacity=2)
    found = await tried(scenario)
    assert found.reason == "Ann is the only one of Support with room: 1 of 2."


async def test_it_reads_the_lines_keywords_and_fallbacks(scenario: Scenario) -> None:
    await scenario.online(scenario.brand.ann.agent_id)
    await scenario.skill(scenario.brand.sales, fallback_skill_id=scenario.brand.support)
    async with scenario.sessions.begin() as session:
        keyword = LineKeyword(
            line_id=scenario.brand.line_id, keyword="offer", skill_id=scenario.brand.sales
        )
        session.add(keyword)
    found = await tried(scenario, "Offer please")
    assert (found.skill_id, found.fallback_skill_id) == (
        scenario.brand.sales,
        scenario.brand.support,
    )
    assert found.reason == (
        "Nobody serves Sales, so Support stands in. "
        "Ann is the only one of Support with room: 0 of 5."
    )


async def test_a_dry_run_knows_the_consumers_last_agent(scenario: Scenario) -> None:
    ann, ben = scenario.brand.ann.agent_id, scenario.brand.ben.agent_id
    await scenario.online(ann, ben)
    earlier = await new_conversation(
        scenario.sessions, scenario.brand, Status.closed, number=NUMBER, agent_id=ben
    )
    await scenario.row(earlier, closed_at=datetime.now(UTC) - timedelta(minutes=5))
    assert (await tried(scenario)).agent_id == ben
    assert (await tried(scenario, number="+15550999")).agent_id == ann


async def test_a_text_to_an_open_conversation_belongs_to_it(scenario: Scenario) -> None:
    await scenario.online(scenario.brand.ann.agent_id)
    conversation = await new_conversation(scenario.sessions, scenario.brand, number=NUMBER)
    found = await tried(scenario)
    assert (found.open_conversation_id, found.agent_id) == (conversation, None)
    assert found.reason.startswith("This consumer has an open conversation on this line")


async def test_there_is_no_dry_run_for_a_line_of_nobody(scenario: Scenario) -> None:
    async with scenario.sessions() as session:
        with pytest.raises(UnknownSkill):
            await dry_run(
                session, scenario.brand.account_id, "no-line", NUMBER, "", datetime.now(UTC)
            )
