"""Lists and searches look things up: with 20,000 conversations none of them reads a whole table."""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.engine import Sessions
from database.queries import conversations, searching
from database.queries.conversation_filters import ConversationFilters
from database.queries.visibility import Viewer
from database.queries.words import stored_words
from domain.conversation.kinds import Status
from domain.conversation.urgency import ListOrder
from domain.people.teams import Led
from domain.searching.numbers import number_in
from domain.searching.words import sought_in
from tests.fixtures.brand import Brand

COUNT, OPEN = 20_000, 400
GROWING = ("conversation", "consumer", "message", "participation", "reading")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)

CONSUMERS = """
    INSERT INTO consumer (account_id, number, phone, words)
    SELECT :account, '+1555' || lpad(n::text, 7, '0'), '+1555' || lpad(n::text, 7, '0'),
        array_to_tsvector(ARRAY[:sign || 'name' || n % 5000])
    FROM generate_series(1, :count) AS n
"""
CONVERSATIONS = """
    INSERT INTO conversation (id, account_id, line_id, consumer_id, workflow_id, number, sequence,
        status, pending_side, skill_id, agent_id, opened_by, opened_at, waiting_since,
        response_due_at)
    SELECT gen_random_uuid(), :account, :line, id, 'w' || n, 1, 1,
        CASE WHEN n > :open THEN 'closed' WHEN n % 2 = 0 THEN 'assigned' ELSE 'waiting' END,
        'agent', CASE WHEN n % 50 = 0 THEN :sales ELSE :support END,
        CASE WHEN n % 100 = 0 THEN :ann WHEN n % 2 = 0 OR n > :open THEN :ben END,
        'consumer', CAST(:now AS timestamptz) - n * interval '1 minute',
        CASE WHEN n <= :open AND n % 3 = 0 THEN CAST(:now AS timestamptz) - n * interval '1 s' END,
        CASE WHEN n <= :open AND n % 6 = 0 THEN CAST(:now AS timestamptz) - n * interval '1 s' END
    FROM (SELECT id, row_number() OVER (ORDER BY phone) AS n FROM consumer) AS numbered
"""
REST = (
    """
    INSERT INTO participation (conversation_id, agent_id)
    SELECT id, agent_id FROM conversation WHERE agent_id IS NOT NULL
    """,
    """
    INSERT INTO queue_entry (conversation_id, ticket, account_id, workflow_id, skill_id, entered_at)
    SELECT id, 1, account_id, workflow_id, skill_id, opened_at FROM conversation
    WHERE status = 'waiting'
    """,
    """
    INSERT INTO message (id, account_id, line_id, consumer_id, conversation_id, position, author,
        text, written_at, status)
    SELECT gen_random_uuid(), account_id, line_id, consumer_id, id, 1, 'consumer',
        'Order ' || row_number() OVER (), opened_at, 'received'
    FROM conversation
    """,
    """
    INSERT INTO message (id, account_id, line_id, consumer_id, conversation_id, position, author,
        text, written_at, status)
    SELECT gen_random_uuid(), account_id, line_id, consumer_id, id, 2, 'system', 'Welcome',
        opened_at, CASE WHEN row_number() OVER () % 100 = 0 THEN 'failed' ELSE 'delivered' END
    FROM conversation
    """,
    """
    INSERT INTO reading (agent_id, conversation_id, position, marked_at)
    SELECT agent_id, id, 1, CASE WHEN random() < 0.001 THEN now() END
    FROM conversation WHERE agent_id IS NOT NULL
    """,
)


@pytest.fixture
async def crowd(session_factory: Sessions, brand: Brand) -> Brand:
    """20,000 conversations with a text each, 400 of them open, in a database of their own."""
    values = {
        "account": brand.account_id,
        "line": brand.line_id,
        "sales": brand.sales,
        "support": brand.support,
        "ann": brand.ann.agent_id,
        "ben": brand.ben.agent_id,
        "count": COUNT,
        "open": OPEN,
        "now": NOW,
        "sign": stored_words(brand.account_id, [""]).strip("'"),
    }
    async with session_factory.begin() as session:
        # Another shape: what was so large is dropped afterwards, instead of emptied and used again.
        await session.execute(sql("CREATE TABLE crowded ()"))
        await session.execute(sql("SET LOCAL session_replication_role = replica"))
        for statement in (CONSUMERS, CONVERSATIONS, *REST):
            named = set(re.findall(r"(?<!:):(\w+)", statement))
            await session.execute(sql(statement), {name: values[name] for name in named})
        await session.execute(sql("ANALYZE"))
    return brand


@contextmanager
def statements(engine: AsyncEngine) -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements of a block, with their values."""
    seen: list[tuple[str, Any]] = []

    def collect(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        seen.append((statement, values))

    event.listen(engine.sync_engine, "before_cursor_execute", collect)
    try:
        yield seen
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", collect)


async def read_whole(session: AsyncSession, statement: str, values: Any) -> list[str]:
    """Return the tables that a statement reads from end to end, with the plan."""
    connection = await session.connection()
    rows = await connection.exec_driver_sql(f"EXPLAIN {statement}", values)
    plan = "\n".join(row[0] for row in rows)
    return [f"{name}\n{plan}" for name in GROWING if re.search(rf"Seq Scan on {name}\b", plan)]


Look = Callable[[AsyncSession, Viewer], Awaitable[object]]


def listing(order: ListOrder, **filters: Any) -> Look:
    wanted = ConversationFilters(**filters)

    async def look(session: AsyncSession, viewer: Viewer) -> object:
        if order is ListOrder.newest:
            return await conversations.listed(session, viewer, wanted, after=None, limit=51)
        return await conversations.listed_by_wait(
            session, viewer, wanted, order, after=None, limit=51
        )

    return look


def finding(query: str) -> Look:
    async def look(session: AsyncSession, viewer: Viewer) -> object:
        number, sought = number_in(query), sought_in(query)
        if number:
            await searching.by_number(session, viewer, number, limit=20)
        await searching.by_consumer(session, viewer, sought, with_numbers=True, limit=20)
        return await searching.by_consumer(session, viewer, sought, with_numbers=False, limit=20)

    return look


async def test_every_list_and_every_search_goes_by_an_index(
    engine: AsyncEngine, session_factory: Sessions, crowd: Brand
) -> None:
    ann, mia = crowd.ann.agent_id, crowd.mia.agent_id
    viewers = [
        Viewer(crowd.account_id, mia, sees_all=True),
        Viewer(crowd.account_id, ann, sees_all=False),
        Viewer(
            crowd.account_id,
            mia,
            sees_all=False,
            led=Led(frozenset({crowd.sales}), frozenset({mia, ann})),
        ),
    ]
    open_ones = (Status.waiting, Status.assigned)
    looks: dict[str, Look] = {
        "all": listing(ListOrder.newest),
        "all by wait": listing(ListOrder.longest_waiting),
        "open": listing(ListOrder.newest, statuses=open_ones),
        "open by wait": listing(ListOrder.longest_waiting, statuses=open_ones),
        "due": listing(ListOrder.due_first, statuses=open_ones, due_by=NOW),
        "waits long": listing(ListOrder.longest_waiting, waits_since=NOW - timedelta(minutes=2)),
        "a skill": listing(ListOrder.newest, skill_id=crowd.sales, statuses=(Status.closed,)),
        "done": listing(ListOrder.newest, agent_id=ann, statuses=(Status.survey, Status.closed)),
        "mine": listing(ListOrder.due_first, agent_id=ann, statuses=(Status.assigned,)),
        "unread": listing(ListOrder.longest_waiting, unread_by=ann, statuses=open_ones),
        "failed": listing(ListOrder.newest, has_failed_text=True),
        "a number": listing(ListOrder.newest, number=number_in("0001234")),
        "number": finding("…0001234"),
        "fragment": finding("00123"),
        "name": finding("name4321"),
        "rare word": finding("order 17171"),
        "common word": finding("ord"),
        "nothing": finding("nowhere to be found"),
    }
    whole = {}
    for viewer in viewers:
        for name, look in looks.items():
            async with session_factory() as session:
                with statements(engine) as seen:
                    await look(session, viewer)
                found = [
                    one
                    for each in seen
                    if each[0].startswith(("SELECT", "WITH"))
                    for one in await read_whole(session, *each)
                ]
                if found:
                    whole[name, viewer] = found
    assert not whole, "\n".join(map("\n".join, whole.values()))
