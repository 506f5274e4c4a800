"""The queue has one order: in every list, as it is served, and in a dry run."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from database.queries.conversations import QueueListPosition, queued
from database.queries.dry_run import dry_run
from database.queries.visibility import Viewer
from database.tables import QueueEntry, RoutingDecision
from domain.routing.matching import NOT_YET_OPENED, Waiting, in_order, order_key
from tests.routing.scenario import Scenario

MANY = 25
PRIORITIES = [0, 0, 5, 10, -5, 100]


async def some_wait(scenario: Scenario, seed: int) -> list[Waiting]:
    """Have some wait, many of them alike; return them in the order of the rules."""
    chance, now, queue = random.Random(seed), datetime.now(UTC), list[Waiting]()
    for number in range(MANY):
        entered_at = now - timedelta(minutes=chance.randint(0, 5))
        due_at = entered_at + timedelta(minutes=chance.randint(-5, 15))
        due = due_at if chance.random() < 0.6 else None
        priority = chance.choice(PRIORITIES)
        one = await scenario.waits(number, entered_at=entered_at, due_at=due, priority=priority)
        queue.append(Waiting(str(one), 1, scenario.brand.support, entered_at, priority, due))
    return in_order(queue)


def ids(queue: Sequence[Waiting]) -> list[str]:
    return [one.conversation_id for one in queue]


async def listed(scenario: Scenario, size: int) -> Sequence[str]:
    """Return what lists show, page by page."""
    viewer = Viewer(scenario.brand.account_id, None, sees_all=True)
    found, last = list[str](), None
    async with scenario.sessions() as session:
        while True:
            page = await queued(session, viewer, after=last, limit=size)
            found += [str(one.shown.conversation.id) for one in page]
            if len(page) < size:
                return found
            entry = page[-1].entry
            last = QueueListPosition(
                entry.effective_due_at, entry.entered_at, entry.conversation_id
            )


async def served(scenario: Scenario) -> list[str]:
    """Return conversations in the order in which the router assigned them."""
    async with scenario.sessions() as session:
        query = select(RoutingDecision.conversation_id).where(
            RoutingDecision.account_id == scenario.brand.account_id,
            RoutingDecision.kind == "assigned",
        )
        return [str(one) for one in await session.scalars(query.order_by(RoutingDecision.id))]


@pytest.mark.parametrize("seed", range(3))
async def test_the_queue_is_listed_as_it_is_served(scenario: Scenario, seed: int) -> None:
    order = ids(await some_wait(scenario, seed))
    assert await listed(scenario, MANY) == order
    assert await listed(scenario, 7) == order, "page by page"
    for count in (3, 10, MANY):
        await scenario.online(scenario.brand.ann.agent_id, capacity=count)
        await scenario.router.route()
        assert await served(scenario) == order[:count]


@pytest.mark.parametrize("seed", range(3))
async def test_a_dry_run_waits_behind_what_is_served_before_it(
    scenario: Scenario, seed: int
) -> None:
    queue = await some_wait(scenario, seed)
    for priority in (-5, 0, 5):
        await scenario.skill(scenario.brand.support, priority=priority)
        now = datetime.now(UTC)
        mine = Waiting(NOT_YET_OPENED, 1, scenario.brand.support, now, priority)
        before = sum(order_key(one) < order_key(mine) for one in queue)
        async with scenario.sessions() as session:
            who = (scenario.brand.account_id, scenario.brand.line_id, "+15550999")
            found = await dry_run(session, *who, "Hello", now)
        assert found.waiting_before == before


async def test_one_that_came_at_the_same_moment_is_served_before_a_dry_run(
    scenario: Scenario,
) -> None:
    now = datetime.now(UTC)
    await scenario.waits(1, entered_at=now)
    async with scenario.sessions() as session:
        who = (scenario.brand.account_id, scenario.brand.line_id, "+15550999")
        assert (await dry_run(session, *who, "Hello", now)).waiting_before == 1


async def test_a_turn_in_the_database_is_the_turn_of_the_rules(scenario: Scenario) -> None:
    chance, now = random.Random(1), datetime.now(UTC)
    one = await scenario.waits(1, due_at=now, priority=10)
    dues = [None, now, *(now + timedelta(seconds=chance.randint(-9999, 9999)) for _ in range(8))]
    for due_at in dues:
        priority = chance.choice(PRIORITIES)
        await scenario.entry(one, due_at=due_at, priority=priority)
        entry = await _entry(scenario, one)
        expected = Waiting("", 1, "support", entry.entered_at, priority, entry.due_at)
        assert entry.effective_due_at == expected.effective_due_at


async def _entry(scenario: Scenario, conversation: UUID) -> QueueEntry:
    async with scenario.sessions() as session:
        query = select(QueueEntry).where(QueueEntry.conversation_id == conversation)
        return (await session.scalars(query)).one()
