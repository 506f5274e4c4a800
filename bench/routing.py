"""Measures how fast the router empties a long queue, and the cost of a match in it.

The cost is compared with a match in a short queue. The router is the product's own, on a real
database. Conversations are only rows that acknowledge at once. Only the router's rounds are timed:
reading, choosing, explaining, writing, signalling.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import UUID

from sqlalchemy import text as sql

from bench.figures import Figure
from bench.installation import MeasuredInstallation
from bench.progress import ProgressSteps
from bench.sizes import Sizes
from database.engine import Sessions, opened
from database.migrate import upgrade
from embedded import postgres
from embedded.guard import Guard
from routing.reviving import Reviving
from routing.router import Router
from temporal.conversations import ConversationClient, Thread
from workflows.conversation.messages import AgentAssigned, AgentOffered

CAPACITY = 5
FREED = 10
"""Slots that become free before each round of the comparison."""
ROUNDS = 12
TURNS = 3

BRAND = """
    INSERT INTO account (id, name, brand, default_capacity) VALUES ('bench', 'B', 'B', :capacity);
    INSERT INTO connector (id, account_id, provider, name, secret)
        VALUES ('bench', 'bench', 'twilio', 'B', '');
    INSERT INTO skill (id, account_id, name)
        SELECT 'skill-' || n, 'bench', 'Skill ' || n FROM generate_series(0, 3) AS n;
    INSERT INTO line (id, account_id, connector_id, name, address, kind, entry_skill_id)
        VALUES ('bench', 'bench', 'bench', 'B', '+15550100001', 'long_code', 'skill-0');
    INSERT INTO agent (id, account_id, name, email, password_hash, role, state)
        SELECT 'agent-' || n, 'bench', 'Agent ' || n, n || '@bench.example', '', 'agent', 'online'
        FROM generate_series(1, :agents) AS n;
    INSERT INTO agent_skill (agent_id, skill_id)
        SELECT DISTINCT 'agent-' || n, 'skill-' || ((n + more) % 4)
        FROM generate_series(1, :agents) AS n, generate_series(0, 1) AS more
"""
CONSUMERS = """
    INSERT INTO consumer (account_id, phone, number)
    SELECT 'bench', number, number
    FROM (
        SELECT '+1556' || lpad(CAST(n AS text), 7, '0') AS number
        FROM generate_series(1, :consumers) AS n
    ) AS texting
"""
NUMBER = "(SELECT count(*) + 1 FROM conversation WHERE consumer_id = consumer.id)"
HOLD = f"""
    INSERT INTO conversation (id, account_id, line_id, consumer_id, workflow_id, number, sequence,
        status, pending_side, skill_id, agent_id, opened_by, opened_at)
    SELECT gen_random_uuid(), 'bench', 'bench', consumer.id, 'held', {NUMBER}, 1, 'assigned',
        'agent', 'skill-0', 'agent-' || (1 + row_number() OVER () % :agents), 'consumer', now()
    FROM consumer
    WHERE NOT EXISTS (SELECT FROM conversation WHERE consumer_id = consumer.id
                      AND status <> 'closed')
    ORDER BY consumer.id LIMIT :count
"""
WAIT = f"""
    WITH opened AS (
        INSERT INTO conversation (id, account_id, line_id, consumer_id, workflow_id, number,
            sequence, status, pending_side, skill_id, opened_by, opened_at)
        SELECT gen_random_uuid(), 'bench', 'bench', consumer.id, 'waits', {NUMBER}, 1, 'waiting',
            'agent', 'skill-' || (row_number() OVER () % 4), 'consumer', now()
        FROM consumer
        WHERE NOT EXISTS (SELECT FROM conversation WHERE consumer_id = consumer.id
                          AND status <> 'closed')
        ORDER BY consumer.id LIMIT :count
        RETURNING id, skill_id, opened_at
    )
    INSERT INTO queue_entry (conversation_id, ticket, account_id, workflow_id, skill_id, entered_at)
    SELECT id, 1, 'bench', 'waits', skill_id, opened_at FROM opened
"""
TAKE = """
    UPDATE conversation SET status = 'assigned', agent_id = entry.assigned_agent_id
    FROM queue_entry AS entry
    WHERE entry.conversation_id = conversation.id AND conversation.id = ANY(:signalled);
    DELETE FROM queue_entry WHERE conversation_id = ANY(:signalled)
"""
CLOSE = """
    UPDATE conversation SET status = 'closed', closed_at = now() - interval '1 year'
    WHERE id IN (SELECT id FROM conversation WHERE status = 'assigned' ORDER BY random()
                 LIMIT :count)
"""
CLEAR = "TRUNCATE queue_entry, routing_decision, conversation CASCADE"
LEFT = "SELECT count(*) FROM queue_entry"


@dataclass(frozen=True)
class QueueSizes:
    """Waiting conversations, agents, and the length of the short queue."""

    waiting: int = 5000
    agents: int = 200
    few: int = 50


@dataclass(frozen=True)
class RoutingMeasurement:
    """The results; times are those of the router's rounds."""

    waiting: int
    agents: int
    drain_seconds: float
    matches_per_second: float
    match_ms_few: float
    match_ms_many: float

    @property
    def match_cost_ratio(self) -> float:
        """The cost of a match in the long queue, divided by that in the short one."""
        return self.match_ms_many / self.match_ms_few


class Rows(ConversationClient):
    """Stand-ins for conversations, which record the router's signals."""

    def __init__(self) -> None:
        self.signalled: list[UUID] = []

    async def assigned(self, workflow: str, assignment: AgentAssigned) -> None:
        self.signalled.append(UUID(assignment.conversation_id))

    async def offered(self, workflow: str, offer: AgentOffered) -> None:
        self.signalled.append(UUID(offer.conversation_id))

    async def look_again(self, thread: Thread) -> None:
        return


@dataclass(frozen=True)
class RouterScene:
    """A brand's agents and queue, and its router."""

    sessions: Sessions
    rows: Rows
    router: Router
    size: QueueSizes

    async def do(self, statements: str, **values: object) -> None:
        async with self.sessions.begin() as session:
            for statement in statements.split(";"):
                names = {name: value for name, value in values.items() if f":{name}" in statement}
                await session.execute(sql(statement), names)

    async def count(self, query: str) -> int:
        async with self.sessions() as session:
            return int(await session.scalar(sql(query)) or 0)

    async def fill(self, waiting: int, *, held: int) -> None:
        """Start again with `waiting` conversations in the queue and `held` with agents."""
        await self.do(CLEAR)
        await self.do(HOLD, agents=self.size.agents, count=held)
        await self.do(WAIT, count=waiting)
        await self.do("ANALYZE queue_entry; ANALYZE conversation; ANALYZE routing_decision")

    async def round(self) -> tuple[float, int]:
        """Run one round of the router; return its seconds and the number of matches."""
        self.rows.signalled.clear()
        began = time.perf_counter()
        await self.router.route()
        seconds = time.perf_counter() - began
        signalled = list(self.rows.signalled)
        if signalled:
            await self.do(TAKE, signalled=signalled)
        return seconds, len(signalled)


async def run(
    database_url: str, size: QueueSizes | None = None, *, done: Callable[[], None] | None = None
) -> RoutingMeasurement:
    """Measure on a separate empty, migrated database. `done` is called after each round."""
    size = size or QueueSizes()
    async with opened(database_url, name="switchboard-bench") as sessions:
        rows = Rows()
        router = Router(sessions, rows, Reviving(sessions, rows), database_url)
        hall = RouterScene(sessions, rows, router, size)
        await hall.do(BRAND, capacity=CAPACITY, agents=size.agents)
        await hall.do(CONSUMERS, consumers=size.waiting + size.agents * CAPACITY + FREED)
        seconds = await _drain(hall, done)
        few, many = await _compare(hall, done)
    return RoutingMeasurement(
        waiting=size.waiting,
        agents=size.agents,
        drain_seconds=round(seconds, 2),
        matches_per_second=round(size.waiting / seconds, 1),
        match_ms_few=round(few * 1000, 3),
        match_ms_many=round(many * 1000, 3),
    )


async def _drain(hall: RouterScene, done: Callable[[], None] | None) -> float:
    """Return the seconds until the queue is empty; assigned conversations close between rounds."""
    await hall.fill(hall.size.waiting, held=0)
    total = 0.0
    while await hall.count(LEFT):
        seconds, _ = await hall.round()
        total += seconds
        await hall.do(CLOSE, count=hall.size.agents * CAPACITY)
        if done:
            done()
    return total


async def _compare(hall: RouterScene, done: Callable[[], None] | None) -> tuple[float, float]:
    """Return the median seconds of a match in a short and in a long queue.

    The queues alternate, because a machine's speed drifts. All agents but a few slots are busy.
    """
    costs: dict[int, list[float]] = {hall.size.few: [], hall.size.waiting: []}
    for _ in range(TURNS):
        for waiting, found in costs.items():
            await hall.fill(waiting, held=hall.size.agents * CAPACITY)
            for number in range(ROUNDS):
                await hall.do(CLOSE, count=FREED)
                seconds, matches = await hall.round()
                await hall.do(WAIT, count=matches)
                if number and matches:  # the first round warms the caches
                    found.append(seconds / matches)
                if done:
                    done()
    return median(costs[hall.size.few]), median(costs[hall.size.waiting])


def _new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="switchboard-bench-"))
    folder.chmod(0o711)  # PostgreSQL may run as another user, who must be able to enter
    return folder


@asynccontextmanager
async def _own_database() -> AsyncIterator[str]:
    folder = _new_folder()
    with Guard.start() as guard:
        cluster = postgres.prepare(folder)
        server = await asyncio.to_thread(postgres.run, cluster, folder / "postgres.log")
        guard.watch(server)
        try:
            await asyncio.to_thread(upgrade, cluster.url())
            yield cluster.url()
        finally:
            await asyncio.to_thread(server.stop)
            shutil.rmtree(folder)


async def measure(
    _installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Measure beside the installation, on a database without a worker."""
    async with _own_database() as database_url:
        with steps.step("long and short queues") as step:
            size = QueueSizes(waiting=sizes.waiting, agents=sizes.agents)
            measured = await run(database_url, size, done=step.advance)
    return [
        Figure(
            name="match_cost_ratio",
            value=measured.match_ms_many,
            unit="ms",
            ceiling=measured.match_ms_few,
            at_most=1.5,
        ),
        Figure(name="drain_seconds", value=measured.drain_seconds, unit="s"),
        Figure(name="matches_per_second", value=measured.matches_per_second),
        Figure(name="waiting", value=measured.waiting),
        Figure(name="agents", value=measured.agents),
    ]
