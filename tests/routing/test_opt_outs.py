"""An opt-out reaches every open conversation with the consumer, whatever dies in between."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from database.queries.consent import (
    Consenting,
    Recorded,
    record_keyword,
    record_opt_out,
    record_refusal,
)
from database.queries.events import CHANNEL_OPT_OUTS, notify
from database.queries.tellings import FIRST_PAUSE, LONGEST_PAUSE
from database.tables import Conversation, Inbound, Line
from domain.consent.keyword import Keyword
from domain.consent.sources import ConsentSource
from domain.conversation.kinds import Status
from domain.errors import Unavailable
from routing.opt_outs import OptOuts
from runtime.tasks import running
from tests.database.transcripts import new_conversation
from tests.fixtures.centre import eventually
from tests.routing.scenario import Scenario


@dataclass
class Told:
    """A stand-in for conversations that records signalled opt-outs."""

    is_away: bool = False
    tries: int = 0
    gone: set[str] = field(default_factory=set)
    conversations: list[str | None] = field(default_factory=list)

    async def opted_out(
        self, workflow: str, conversation_id: str | None = None, *, is_block: bool = False
    ) -> bool:
        self.tries += 1
        if self.is_away:
            raise Unavailable
        if workflow in self.gone:
            return False
        self.conversations.append(conversation_id)
        return True


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def opt_outs(scenario: Scenario, told: Told, database_url: str) -> OptOuts:
    return OptOuts(scenario.sessions, told, scenario.router.reviving, database_url)


async def on_two_lines(scenario: Scenario, **of_second: object) -> tuple[Consenting, UUID, UUID]:
    """Have a consumer have an open conversation on two lines. Returns who, and both."""
    async with scenario.sessions.begin() as session:
        line = (await session.scalars(select(Line))).one()
        kept = {
            column: getattr(line, column)
            for column in ("account_id", "connector_id", "kind", "entry_skill_id")
        }
        session.add(Line(id="second", name="Second", address="+15550100002", **kept))
    first = await new_conversation(scenario.sessions, scenario.brand)
    second = await new_conversation(scenario.sessions, scenario.brand, Status.closed)
    values = {"line_id": "second", "workflow_id": "second", "status": "assigned"}
    async with scenario.sessions.begin() as session:
        is_second = Conversation.id == second
        change = update(Conversation).where(is_second).values(**(values | of_second))
        await session.execute(change)
        query = select(Conversation.consumer_id).where(Conversation.id == first)
        consumer = (await session.scalars(query)).one()
    return Consenting(scenario.brand.account_id, consumer, scenario.brand.line_id), first, second


async def stop_arrives(scenario: Scenario, who: Consenting) -> None:
    """Have a STOP stored that its conversation has not taken yet."""
    async with scenario.sessions.begin() as session:
        line = (await session.scalars(select(Line).where(Line.id == who.line_id))).one()
        text = Inbound(
            id=uuid4(),
            account_id=who.account_id,
            connector_id=line.connector_id,
            line_id=who.line_id,
            consumer_id=who.consumer_id,
            provider_message_id="SM1",
            text="STOP",
            keyword="stop",
        )
        session.add(text)
        await session.flush()
        await record_keyword(session, who, Keyword.stop, text="STOP", inbound_id=text.id)


async def test_stop_on_one_line_is_told_to_the_others_and_its_own_takes_it_as_a_text(
    scenario: Scenario, opt_outs: OptOuts, told: Told
) -> None:
    who, _, second = await on_two_lines(scenario)
    await stop_arrives(scenario, who)
    await opt_outs.tell([who.consumer_id])
    assert told.conversations == [str(second)]


@pytest.mark.parametrize("status", [Status.waiting, Status.assigned, Status.survey])
async def test_an_opt_out_that_was_not_reported_is_swept_until_it_is_closed(
    scenario: Scenario, opt_outs: OptOuts, told: Told, status: Status
) -> None:
    who, _, second = await on_two_lines(scenario, status=status.value)
    told.is_away = True
    await stop_arrives(scenario, who)
    await opt_outs.tell([who.consumer_id])
    await opt_outs.sweep()
    assert told.conversations == []
    told.is_away = False
    await scenario.later(FIRST_PAUSE)
    await opt_outs.sweep()
    await opt_outs.sweep()
    assert told.conversations == [str(second)], "it has its time to close"
    await scenario.later(FIRST_PAUSE)
    await opt_outs.sweep()
    assert told.conversations == [str(second)] * 2
    await scenario.later(LONGEST_PAUSE)
    async with scenario.sessions.begin() as session:
        is_second = Conversation.id == second
        await session.execute(update(Conversation).where(is_second).values(status="closed"))
    await opt_outs.sweep()
    assert len(told.conversations) == 2


async def test_of_all_workers_one_sweeps_an_opt_out(
    scenario: Scenario, opt_outs: OptOuts, told: Told
) -> None:
    who, _, second = await on_two_lines(scenario)
    await stop_arrives(scenario, who)
    await asyncio.gather(*(opt_outs.sweep() for _ in range(5)))
    assert told.conversations == [str(second)]


async def test_an_opt_out_by_an_agent_is_told_to_every_line(
    scenario: Scenario, opt_outs: OptOuts, told: Told
) -> None:
    who, first, second = await on_two_lines(scenario)
    async with scenario.sessions.begin() as session:
        by = Recorded(ConsentSource.agent, agent_id=scenario.brand.ann.agent_id)
        assert await record_opt_out(session, who.account_id, who.consumer_id, by)
        assert not await record_opt_out(session, who.account_id, who.consumer_id, by)
    await opt_outs.sweep()
    assert set(told.conversations) == {str(first), str(second)}


async def test_a_refusal_concerns_its_own_line_only(
    scenario: Scenario, opt_outs: OptOuts, told: Told
) -> None:
    who, first, _ = await on_two_lines(scenario)
    async with scenario.sessions.begin() as session:
        await record_refusal(session, who, sent_at=datetime.now(UTC))
    await opt_outs.sweep()
    assert told.conversations == [str(first)]


async def test_a_consumer_who_opted_in_again_is_left_alone(
    scenario: Scenario, opt_outs: OptOuts, told: Told
) -> None:
    who, *_ = await on_two_lines(scenario)
    async with scenario.sessions.begin() as session:
        for keyword in (Keyword.stop, Keyword.start):
            await record_keyword(session, who, keyword, text="", inbound_id=uuid4())
    await opt_outs.sweep()
    await opt_outs.tell([who.consumer_id])
    assert told.conversations == []


async def test_a_conversation_whose_workflow_is_gone_runs_again_and_is_told_then(
    scenario: Scenario, opt_outs: OptOuts, told: Told
) -> None:
    who, *_ = await on_two_lines(scenario)
    await stop_arrives(scenario, who)
    told.gone = {"second"}
    await opt_outs.sweep()
    assert len(scenario.conversations.looked) == 1


async def test_the_task_hears_of_an_opt_out_at_once(
    scenario: Scenario, opt_outs: OptOuts, told: Told
) -> None:
    who, _, second = await on_two_lines(scenario)
    async with running(opt_outs=opt_outs.run):
        await stop_arrives(scenario, who)

        async def is_told() -> bool:
            return bool(told.conversations)

        await eventually(is_told)
    assert set(told.conversations) == {str(second)}


async def test_it_sweeps_also_while_others_opt_out_all_the_time(
    scenario: Scenario, opt_outs: OptOuts, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routing.opt_outs.PAUSE_SECONDS", 1.0)
    who, _, second = await on_two_lines(scenario)
    told.is_away = True
    await stop_arrives(scenario, who)

    async def others_opt_out() -> None:
        while True:
            async with scenario.sessions.begin() as session:
                await notify(session, CHANNEL_OPT_OUTS, str(uuid4()))

    async def was_tried() -> bool:
        return told.tries > 0

    async def is_told() -> bool:
        return bool(told.conversations)

    async with running(others=others_opt_out), running(opt_outs=opt_outs.run):
        await eventually(was_tried)
        told.is_away = False
        await eventually(is_told)
    assert set(told.conversations) == {str(second)}
