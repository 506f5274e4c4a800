"""Several routers on one real database, with people coming, going, finishing and getting more."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as some
from sqlalchemy import delete, func, select, update

from database.tables import AgentSkill, Conversation, QueueEntry
from domain.conversation.kinds import PendingSide, Status
from domain.people.roles import AgentState
from domain.routing.kinds import CapacityMode
from tests.examples import many
from tests.routing.scenario import Conversations, Scenario, create_router

PEOPLE = 3


@dataclass(frozen=True)
class Round:
    """What happens while three routers race: who comes or goes, and how many come and are done."""

    comes_or_goes: frozenset[int]
    arrive: int
    acknowledges: bool
    fall_idle: bool
    close: int


rounds = some.lists(
    some.builds(
        Round,
        comes_or_goes=some.frozensets(some.integers(0, PEOPLE - 1)),
        arrive=some.integers(0, 4),
        acknowledges=some.booleans(),
        fall_idle=some.booleans(),
        close=some.integers(0, 2),
    ),
    min_size=2,
    max_size=4,
)


@trying(
    max_examples=many(10),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    mode=some.sampled_from(CapacityMode),
    capacities=some.lists(some.integers(0, 2), min_size=PEOPLE, max_size=PEOPLE),
    backlog=some.integers(2, 8),
    story=rounds,
)
async def test_nobody_is_given_twice_no_capacity_is_exceeded_and_nobody_is_forgotten(
    scenario: Scenario,
    database_url: str,
    mode: CapacityMode,
    capacities: list[int],
    backlog: int,
    story: list[Round],
) -> None:
    centre = await Racing.on(scenario, database_url, mode, capacities)
    await centre.arrive(backlog)
    for one in story:
        await centre.play(one)
        await centre.check_loads()
    await centre.until_nobody_waits()
    agents_of = Counter({heard.conversation_id for heard in centre.conversations.heard})
    pairs = {(heard.conversation_id, heard.agent_id) for heard in centre.conversations.heard}
    assert len(pairs) == len(agents_of), "nobody is given to two"
    assert len(agents_of) == centre.arrived, "and nobody is forgotten"


@dataclass
class Racing:
    """A centre on which three routers race."""

    scenario: Scenario
    conversations: Conversations
    routers: list[Any]
    mode: CapacityMode
    people: list[str]
    capacities: list[int]
    online: list[bool]
    arrived: int = 0

    @classmethod
    async def on(
        cls, scenario: Scenario, database_url: str, mode: CapacityMode, capacities: list[int]
    ) -> "Racing":
        await scenario.clear()
        await scenario.settings(capacity_mode=mode.value)
        people = [
            one.agent_id for one in (scenario.brand.ann, scenario.brand.ben, scenario.brand.mia)
        ]
        await everybody_holds_support(scenario, people[-1])
        for agent_id, capacity in zip(people, capacities, strict=True):
            await scenario.online(agent_id, capacity=capacity)
        conversations = Conversations()
        routers = [create_router(scenario.sessions, conversations, database_url) for _ in range(3)]
        return cls(scenario, conversations, routers, mode, people, capacities, [True] * PEOPLE)

    async def arrive(self, count: int) -> None:
        """Have so many consumers more wait."""
        for _ in range(count):
            self.arrived += 1
            await self.scenario.waits(self.arrived)

    async def play(self, one: Round) -> None:
        """Let everything of a round happen while the routers race."""
        meanwhile: list[Coroutine[Any, Any, Any]] = []
        for place in one.comes_or_goes:
            self.online[place] = not self.online[place]
            meanwhile.append(self._be(self.people[place], online=self.online[place]))
        meanwhile.append(self.arrive(one.arrive))
        if one.acknowledges:
            given = {key: agent for key, agent in (await self.scenario.chosen()).items() if agent}
            meanwhile += [self.scenario.acknowledge(*pair) for pair in given.items()]
        if one.fall_idle:
            await self._fall_idle()
        if one.close:
            meanwhile.append(self._close(one.close))
        await asyncio.gather(*(router.route() for router in self.routers), *meanwhile)

    async def check_loads(self) -> None:
        """Nobody exceeds their capacity: by weight, by at most half a conversation."""
        is_weighted = self.mode is CapacityMode.weighted
        async with self.scenario.sessions() as session:
            held = await session.scalars(
                select(Conversation).where(Conversation.status == Status.assigned)
            )
            weights = [(one.agent_id, _weight(one) if is_weighted else 1) for one in held]
            given = select(QueueEntry.assigned_agent_id)
            weights += [(agent_id, 1) for agent_id in await session.scalars(given)]
        for agent_id, capacity in zip(self.people, self.capacities, strict=True):
            load = sum(weight for holder, weight in weights if holder == agent_id)
            assert load <= (capacity + 0.5 if is_weighted and capacity else capacity) + 1e-9

    async def until_nobody_waits(self) -> None:
        """Bring everybody back with room, and let them work until the queue is empty."""
        for agent_id in self.people:
            await self.scenario.online(agent_id, capacity=2)
        for _ in range(20):
            await asyncio.gather(*(router.route() for router in self.routers))
            for conversation, chosen in (await self.scenario.chosen()).items():
                if chosen:
                    await self.scenario.acknowledge(conversation, chosen)
            await self._close(99)
            async with self.scenario.sessions() as session:
                if not await session.scalar(select(func.count()).select_from(QueueEntry)):
                    return
        raise AssertionError("somebody still waits")

    async def _be(self, agent_id: str, *, online: bool) -> None:
        state = AgentState.online if online else AgentState.away
        await self.scenario.agent(agent_id, state=state.value)

    async def _fall_idle(self) -> None:
        """Have every answered consumer fall silent."""
        silent = {
            "pending_side": PendingSide.consumer.value,
            "consumer_texted_at": datetime.now(UTC) - timedelta(hours=1),
        }
        async with self.scenario.sessions.begin() as session:
            held = Conversation.status == Status.assigned
            await session.execute(update(Conversation).where(held).values(**silent))

    async def _close(self, count: int) -> None:
        async with self.scenario.sessions.begin() as session:
            held = select(Conversation.id).where(Conversation.status == Status.assigned)
            done = Conversation.id.in_(held.limit(count))
            closed = {"status": Status.closed.value, "closed_at": func.now()}
            await session.execute(update(Conversation).where(done).values(**closed))


def _weight(held: Conversation) -> float:
    """Return the weight of a conversation here: an answered consumer has long been silent."""
    return 0.1 if held.pending_side == PendingSide.consumer else 1


async def everybody_holds_support(scenario: Scenario, newcomer: str) -> None:
    async with scenario.sessions.begin() as session:
        await session.execute(delete(AgentSkill).where(AgentSkill.agent_id == newcomer))
        session.add(AgentSkill(agent_id=newcomer, skill_id=scenario.brand.support))
