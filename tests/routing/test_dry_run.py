"""Who would get a text now."""

from datetime import UTC, datetime, timedelta

import pytest

from database.queries.dry_run import DryRun, dry_run
from database.queries.policy import UnknownSkill
from database.tables import LineKeyword
from domain.conversation.kinds import Status
from tests.database.transcripts import new_conversation
from tests.routing.desk import Desk

NUMBER = "+15550123"


async def tried(desk: Desk, text: str = "Hello", number: str = NUMBER) -> DryRun:
    async with desk.sessions() as session:
        return await dry_run(
            session, desk.brand.account_id, desk.brand.line_id, number, text, datetime.now(UTC)
        )


async def test_it_names_skill_and_agent_and_changes_nothing(desk: Desk) -> None:
    await desk.online(desk.brand.ann.agent_id)
    found = await tried(desk)
    assert (found.skill_id, found.skill_name) == (desk.brand.support, "Support")
    assert found.skill_reason == "It is the entry skill of the line."
    assert (found.agent_id, found.agent_name) == (desk.brand.ann.agent_id, "Ann")
    assert found.reason == "Ann is the only one of Support with room: 0 of 5."
    assert [one.name for one in found.candidates] == ["Ann"]
    assert await desk.chosen() == {}


async def test_it_says_why_it_would_wait_and_behind_how_many(desk: Desk) -> None:
    await desk.online(desk.brand.ann.agent_id, capacity=0)
    await desk.waits(1)
    await desk.waits(2, priority=-5)
    found = await tried(desk)
    assert found.agent_id is None
    assert found.reason == "Everybody of Support who is online is busy."
    assert found.waiting_before == 1


async def test_a_text_with_a_response_time_waits_behind_what_is_due_before(desk: Desk) -> None:
    await desk.skill(desk.brand.support, response_seconds=600)
    now = datetime.now(UTC)
    for minutes in (9, 11):
        await desk.waits(minutes, due_at=now + timedelta(minutes=minutes))
    await desk.waits(1)
    assert (await tried(desk)).waiting_before == 2
    await desk.skill(desk.brand.support, priority=5)
    assert (await tried(desk)).waiting_before == 1
    await desk.skill(desk.brand.support, first_response_seconds=1200)
    assert (await tried(desk)).waiting_before == 3


async def test_what_is_served_before_takes_the_room_it_needs(desk: Desk) -> None:
    await desk.online(desk.brand.ann.agent_id, capacity=1)
    await desk.waits(1)
    found = await tried(desk)
    assert (found.agent_id, found.waiting_before) == (None, 1)
    assert found.reason == "Everybody of Support who is online is busy."
    await desk.agent(desk.brand.ann.agent_id, capacity=2)
    found = await tried(desk)
    assert found.reason == "Ann is the only one of Support with room: 1 of 2."


async def test_it_reads_the_lines_keywords_and_fallbacks(desk: Desk) -> None:
    await desk.online(desk.brand.ann.agent_id)
    await desk.skill(desk.brand.sales, fallback_skill_id=desk.brand.support)
    async with desk.sessions.begin() as session:
        keyword = LineKeyword(
            line_id=desk.brand.line_id, keyword="offer", skill_id=desk.brand.sales
        )
        session.add(keyword)
    found = await tried(desk, "Offer please")
    assert (found.skill_id, found.fallback_skill_id) == (desk.brand.sales, desk.brand.support)
    assert found.reason == (
        "Nobody is there for Sales: Support stands in. "
        "Ann is the only one of Support with room: 0 of 5."
    )


async def test_it_knows_whom_the_consumer_had_last(desk: Desk) -> None:
    ann, ben = desk.brand.ann.agent_id, desk.brand.ben.agent_id
    await desk.online(ann, ben)
    earlier = await new_conversation(
        desk.sessions, desk.brand, Status.closed, number=NUMBER, agent_id=ben
    )
    await desk.row(earlier, closed_at=datetime.now(UTC) - timedelta(minutes=5))
    assert (await tried(desk)).agent_id == ben
    assert (await tried(desk, number="+15550999")).agent_id == ann


async def test_a_text_to_an_open_conversation_belongs_to_it(desk: Desk) -> None:
    await desk.online(desk.brand.ann.agent_id)
    conversation = await new_conversation(desk.sessions, desk.brand, number=NUMBER)
    found = await tried(desk)
    assert (found.open_conversation_id, found.agent_id) == (conversation, None)
    assert found.reason.startswith("This consumer has an open conversation on this line")


async def test_there_is_no_dry_run_for_a_line_of_nobody(desk: Desk) -> None:
    async with desk.sessions() as session:
        with pytest.raises(UnknownSkill):
            await dry_run(session, desk.brand.account_id, "no-line", NUMBER, "", datetime.now(UTC))
