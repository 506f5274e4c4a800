"""One order of what waits: in every list, and as it is served."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from database.queries.conversations import Turn, Viewer, queued
from database.tables import QueueEntry
from domain.routing.matching import Waiting, in_order
from tests.routing.desk import Desk

MANY = 25


async def some_wait(desk: Desk, seed: int) -> list[str]:
    """Let some wait, many of them alike; return them in the order of the rules."""
    chance, now, queue = random.Random(seed), datetime.now(UTC), list[Waiting]()
    for number in range(MANY):
        entered_at = now - timedelta(minutes=chance.randint(0, 5))
        due_at = entered_at + timedelta(minutes=chance.randint(-5, 15))
        due = due_at if chance.random() < 0.6 else None
        priority = chance.choice([0, 0, 5, 10, -5, 100])
        one = await desk.waits(number, entered_at=entered_at, due_at=due, priority=priority)
        queue.append(Waiting(str(one), 1, "support", entered_at, priority, due))
    return [one.conversation_id for one in in_order(queue)]


async def listed(desk: Desk, size: int) -> Sequence[str]:
    """Return what lists show, page by page."""
    viewer = Viewer(desk.brand.account_id, None, sees_all=True)
    found, last = list[str](), None
    async with desk.sessions() as session:
        while True:
            page = await queued(session, viewer, after=last, limit=size)
            found += [str(one.shown.conversation.id) for one in page]
            if len(page) < size:
                return found
            entry = page[-1].entry
            last = Turn(entry.turn_at, entry.entered_at, entry.conversation_id)


@pytest.mark.parametrize("seed", range(3))
async def test_what_waits_is_listed_as_it_is_served(desk: Desk, seed: int) -> None:
    order = await some_wait(desk, seed)
    assert await listed(desk, MANY) == order
    assert await listed(desk, 7) == order, "page by page"
    for count in (3, 10):
        await desk.online(desk.brand.ann.agent_id, capacity=count)
        await desk.router.route()
        given = [str(one) for one, agent in (await desk.chosen()).items() if agent]
        assert sorted(given) == sorted(order[:count])
    heard = [one.conversation_id for one in desk.conversations.heard]
    assert (sorted(heard[:3]), sorted(heard[3:])) == (sorted(order[:3]), sorted(order[3:10]))


async def test_a_deadline_that_moves_moves_its_turn(desk: Desk) -> None:
    now = datetime.now(UTC)
    one = await desk.waits(1, due_at=now, priority=10)
    for due_at in (now + timedelta(hours=1), None):
        await desk.entry(one, due_at=due_at)
        entry = await _entry(desk, one)
        expected = Waiting("", 1, "support", entry.entered_at, 10, entry.due_at)
        assert entry.turn_at == expected.turn_at


async def _entry(desk: Desk, conversation: UUID) -> QueueEntry:
    async with desk.sessions() as session:
        query = select(QueueEntry).where(QueueEntry.conversation_id == conversation)
        return (await session.scalars(query)).one()
