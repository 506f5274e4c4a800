"""Partitions by month: rows find their month, months come ahead, and go when all is forgotten."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import func, select, update
from sqlalchemy import text as sql

from database.engine import Sessions
from database.migrate import downgrade, upgrade
from database.partitions import dropping, making
from database.partitions.catalogue import CATALOGUE, DECISIONS, EVENTS
from database.partitions.dropping import drop_forgotten
from database.partitions.making import make_ahead
from database.partitions.months import month_of, months, next_month
from database.queries import events, stream
from database.tables import (
    Account,
    Conversation,
    Event,
    Inbound,
    InboundKey,
    InboundPart,
    Line,
    ReportFact,
    RoutingDecision,
)
from domain.conversation.kinds import EventKind, Status
from reporting.recounting import begin, recount
from settings import Settings
from tests.erasing.mortal import Died, Mortal
from tests.fixtures.brand import Brand
from tests.reporting.recording import Recorder

LONG_AGO = datetime(2023, 5, 10, 12, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
async def recorder(brand: Brand, settings: Settings, session_factory: Sessions) -> Recorder:
    await make_ahead(session_factory, datetime.now(UTC))  # tests may begin in the month before
    return Recorder(brand, session_factory, settings)


async def _placed(sessions: Sessions, table: str) -> list[str]:
    """Return the partitions of a table's rows, by their ids."""
    async with sessions() as session:
        query = f"SELECT tableoid::regclass::text FROM {table} ORDER BY id"
        return list(await session.scalars(sql(query)))


async def _ids(sessions: Sessions) -> list[int]:
    async with sessions() as session:
        return list(await session.scalars(select(Event.id).order_by(Event.id)))


async def test_what_happens_at_the_end_of_a_month_is_in_it_and_read_in_order(
    recorder: Recorder,
) -> None:
    """By UTC, whatever the server's clock shows, and by ids: times may go back."""
    sessions, account = recorder.sessions, recorder.brand.account_id
    after = next_month(month_of(datetime.now(UTC)))
    at = [after, after - MICROSECOND, LONG_AGO, after + MICROSECOND, after - timedelta(days=3)]
    for one in at:
        await recorder.happens(None, EventKind.agent_state, at=one)
    names = [EVENTS.name_of(month_of(one)) for one in at]
    names[2] = EVENTS.default
    assert await _placed(sessions, "event") == names
    found = await stream.read(sessions.direct, account, 0)
    assert [one.at for one in found.events] == at
    async with sessions() as session:
        [*some] = await events.after(session, account, found.events[1].id, limit=2)
    assert [one.at for one in some] == at[2:4]


async def test_makers_at_once_make_each_month_once_and_empty_the_default_partition(
    recorder: Recorder,
) -> None:
    sessions = recorder.sessions
    for one in (LONG_AGO, LONG_AGO + timedelta(days=40), datetime(2190, 1, 1, tzinfo=UTC)):
        await recorder.happens(None, EventKind.agent_state, at=one)
    before = await _ids(sessions)
    later = datetime.now(UTC) + timedelta(days=150)
    runs = await asyncio.gather(*(make_ahead(sessions, later) for _ in range(3)))
    made = [name for run in runs for name in run.names]
    assert len(made) == len(set(made)) > len(CATALOGUE)
    assert await _ids(sessions) == before
    names = ["event_2023_05", "event_2023_06", "event_2190_01"]
    assert (await _placed(sessions, "event"), set(made) >= set(names)) == (names, True)
    await recorder.happens(None, EventKind.agent_state, at=LONG_AGO)
    assert (await _placed(sessions, "event"))[-1] == names[0]
    assert await _ids(sessions) == [*before, before[-1] + 1]


async def test_a_maker_yields_to_whoever_holds_a_table_and_comes_again(
    recorder: Recorder, database_url: str
) -> None:
    await recorder.happens(None, EventKind.agent_state, at=LONG_AGO)
    with psycopg.connect(database_url) as reader:
        reader.execute("SELECT FROM event")
        made = await make_ahead(recorder.sessions, datetime.now(UTC))
        assert (made.names, made.held_up) == ([], ["event_2023_05"])
        # Nobody queues up behind it, and nothing is half made.
        await recorder.happens(None, EventKind.agent_state)
    made = await make_ahead(recorder.sessions, datetime.now(UTC))
    assert (made.names, made.held_up) == (["event_2023_05"], [])


async def test_a_move_that_takes_long_is_put_off_and_nothing_is_lost(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await recorder.happens(None, EventKind.agent_state, at=LONG_AGO)
    many = """
        INSERT INTO event (account_id, kind, data, at)
        SELECT account_id, kind, data, at FROM event, generate_series(1, 2999)
    """
    async with recorder.sessions.begin() as session:
        await session.execute(sql(many))
    monkeypatch.setattr(making, "MOVES_MS", 1)
    made = await make_ahead(recorder.sessions, datetime.now(UTC))
    assert (made.names, made.held_up) == ([], ["event_2023_05"])
    assert await _placed(recorder.sessions, "event") == ["event_other"] * 3000
    monkeypatch.setattr(making, "MOVES_MS", 60_000)
    made = await make_ahead(recorder.sessions, datetime.now(UTC))
    assert (made.names, made.held_up) == (["event_2023_05"], [])
    assert await _placed(recorder.sessions, "event") == ["event_2023_05"] * 3000


async def test_a_month_goes_when_all_of_it_is_forgotten_and_figures_stay(
    recorder: Recorder, database_url: str
) -> None:
    sessions, now = recorder.sessions, datetime.now(UTC)
    talk = await _old_talk(recorder, sessions)
    await recorder.happens(None, EventKind.agent_state, at=LONG_AGO)
    await make_ahead(sessions, now)
    facts = await _facts(sessions)
    assert facts
    kept = ["event_2023_05", "routing_decision_2023_05"]

    async def left() -> Sequence[str]:
        await asyncio.gather(*(drop_forgotten(sessions, now) for _ in range(2)))
        async with sessions() as session:
            return [name for name in kept if await session.scalar(THERE, {"name": name})]

    assert await left() == kept
    async with sessions.begin() as session:
        await session.execute(sql("DELETE FROM routing_decision"))
        await session.execute(update(Conversation).values(forgotten_at=now))
    assert await left() == kept[:1], "an event of no conversation, and its account keeps everything"
    async with sessions.begin() as session:
        await session.execute(update(Account).values(retention_days=30))
        await session.execute(sql("UPDATE record_reading SET last_event_id = 0"))
    assert await left() == kept[:1], "it was not read yet"
    before = LONG_AGO - timedelta(days=900)
    await recorder.happens(None, EventKind.agent_state, at=before)
    await recorder.record()
    assert await left() == kept[:1], "something older has no month yet"
    await make_ahead(sessions, now)
    with psycopg.connect(database_url) as reader:
        reader.execute("SELECT FROM event")
        assert await left() == kept[:1], "somebody reads, and nobody waits for them"
        assert (await drop_forgotten(sessions, now)).held_up == [EVENTS.name_of(before)]
    assert await left() == []
    assert [one for one in await _placed(sessions, "event") if one == kept[0]] == []
    await begin(sessions, recorder.brand.account_id)
    await recount(sessions, recorder.brand.account_id)
    assert await _facts(sessions) == facts
    [record] = [one for one in await recorder.records() if one.conversation_id == talk]
    assert set(record.skill_ids) >= {recorder.brand.sales}
    await recorder.happens(None, EventKind.agent_state, at=LONG_AGO)
    assert "event_2023_05" in (await make_ahead(sessions, now)).names


async def test_a_month_that_takes_long_to_look_through_goes_as_well(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than any statement that somebody waits for may take, on either side."""
    slow = replace(DECISIONS, keeps="one.id = 0 OR (SELECT pg_sleep(4)) IS NULL")
    monkeypatch.setattr(dropping, "CATALOGUE", (slow,))
    monkeypatch.setattr("database.connections.ANSWER_SECONDS", 3.0)
    await _old_talk(recorder, recorder.sessions)
    now = datetime.now(UTC)
    await make_ahead(recorder.sessions, now)
    dropped = await drop_forgotten(recorder.sessions, now)
    assert dropped.names == ["routing_decision_2023_05"]


THERE = sql("SELECT to_regclass(:name)::text")


async def _old_talk(recorder: Recorder, sessions: Sessions) -> UUID:
    """Let a conversation of long ago happen; it was routed, and went through a skill."""
    brand = recorder.brand
    talk = await recorder.conversation(Status.closed, opened_at=LONG_AGO, closed_at=LONG_AGO)
    async with sessions.begin() as session:
        await session.execute(update(Event).values(at=LONG_AGO))
        session.add(
            RoutingDecision(
                account_id=brand.account_id,
                conversation_id=talk,
                ticket=1,
                kind="waits",
                reason="Nobody is there.",
                at=LONG_AGO,
            )
        )
    queued, closed = EventKind.conversation_queued, EventKind.conversation_closed
    await recorder.happens(talk, queued, at=LONG_AGO, skill_id=brand.sales)
    await recorder.happens(talk, closed, at=LONG_AGO + timedelta(hours=1), reason="agent")
    await recorder.record()
    return talk


async def _facts(sessions: Sessions) -> list[Any]:
    table = ReportFact
    async with sessions() as session:
        query = select(table.kind, table.at, table.value, table.conversation_id)
        return [tuple(row) for row in await session.execute(query.order_by(table.kind, table.at))]


async def test_received_texts_go_with_their_parts_and_keys_and_their_transcripts_first(
    recorder: Recorder,
) -> None:
    """A text in no transcript goes when its account keeps nothing so old."""
    sessions, now = recorder.sessions, datetime.now(UTC)
    talk = await recorder.conversation(Status.closed, closed_at=LONG_AGO)
    heard = await recorder.says(talk, "hello", at=LONG_AGO)
    await _receive(recorder, talk, {"hello": heard, "STOP": uuid4()})
    async with sessions.begin() as session:
        for row in await session.scalars(select(Inbound)):
            session.add(
                InboundKey(
                    connector_id=row.connector_id,
                    provider_message_id=row.provider_message_id,
                    received_at=row.received_at,
                )
            )
    await make_ahead(sessions, now)
    tables = (Inbound, InboundPart, InboundKey)

    async def left() -> list[int]:
        await drop_forgotten(sessions, now)
        async with sessions() as session:
            return [await session.scalar(select(func.count()).select_from(t)) or 0 for t in tables]

    async with sessions.begin() as session:
        await session.execute(update(Account).values(retention_days=30))
    assert await left() == [2, 2, 2]
    async with sessions.begin() as session:
        await session.execute(update(Conversation).values(forgotten_at=now))
        await session.execute(update(Inbound).values(handed_over_at=None))
    assert await left() == [2, 2, 2], "it waits for its conversation"
    async with sessions.begin() as session:
        await session.execute(update(Inbound).values(handed_over_at=now))
    await _dies(sessions, now)
    assert await left() == [0, 0, 0]


async def _dies(sessions: Sessions, now: datetime) -> None:
    """Drop months with workers that die a little later each time."""
    lives = 0
    while True:
        lives += 1
        try:
            await drop_forgotten(cast(Sessions, Mortal(sessions, lives)), now)
        except Died:
            continue
        return


async def _receive(recorder: Recorder, talk: UUID, texts: Mapping[str, UUID]) -> None:
    """Receive texts of a conversation's consumer long ago, each in one part."""
    async with recorder.sessions.begin() as session:
        conversation = await session.get_one(Conversation, talk)
        line = await session.get_one(Line, recorder.brand.line_id)
        for words, text_id in texts.items():
            key = {"connector_id": line.connector_id, "provider_message_id": words}
            text = Inbound(
                id=text_id,
                account_id=recorder.brand.account_id,
                line_id=line.id,
                consumer_id=conversation.consumer_id,
                text=words,
                received_at=LONG_AGO,
                handed_over_at=LONG_AGO,
                part_total=1 if words == "hello" else None,
                **key,
            )
            part = InboundPart(inbound_id=text_id, number=1, content=b"", received_at=LONG_AGO)
            part.connector_id, part.provider_message_id = line.connector_id, words
            session.add_all([text, part])


async def test_many_months_are_read_by_indexes_that_end_early(
    recorder: Recorder, database_url: str
) -> None:
    now = datetime.now(UTC)
    with psycopg.connect(database_url, autocommit=True) as connection:
        for month in months(now - timedelta(days=1000), now - timedelta(days=32)):
            with connection.transaction():
                for statement in EVENTS.making(month):
                    connection.execute(statement)
        for way in ("seqscan", "sort", "bitmapscan"):  # which few rows would make the cheapest
            connection.execute(f"SET enable_{way} = off")
        account = recorder.brand.account_id
        ordered = f"SELECT * FROM event WHERE account_id = '{account}'"
        for query, index in (
            (f"{ordered} AND id > 5 ORDER BY id LIMIT 200", "account_id_id"),
            (f"SELECT max(id) FROM event WHERE account_id = '{account}'", "account_id_id"),
            (
                f"SELECT * FROM event WHERE conversation_id = '{UUID(int=1)}' ORDER BY id LIMIT 9",
                "conversation_id_id",
            ),
        ):
            plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {query}").fetchall())
            assert "Merge Append" in plan
            assert not re.search(r"Seq Scan|Sort\b(?! Key)", plan)
            assert len(re.findall(rf"Index.* Scan .*{index}", plan)) > 30


async def test_a_populated_database_gets_partitions_and_can_lose_them_again(
    recorder: Recorder, database_url: str
) -> None:
    sessions, now = recorder.sessions, datetime.now(UTC)
    before = month_of(now) - timedelta(days=40)
    for one in (before, now, datetime(2001, 1, 1, tzinfo=UTC)):
        await recorder.happens(None, EventKind.agent_state, at=one)
    rows = await _rows(sessions)
    talk = await recorder.conversation()
    await _receive(recorder, talk, {"hello": uuid4(), "STOP": uuid4()})
    await asyncio.to_thread(downgrade, database_url, "exports")
    await recorder.happens(None, EventKind.agent_state, at=before)
    assert (await _rows(sessions))[:3] == rows
    rows = await _rows(sessions)
    assert await _placed(sessions, "event") == ["event"] * 5
    await asyncio.to_thread(upgrade, database_url)
    assert await _rows(sessions) == rows
    old, new = (EVENTS.name_of(one) for one in (before, now))
    assert await _placed(sessions, "event") == [old, new, EVENTS.default, new, old]
    await recorder.happens(None, EventKind.agent_state)
    assert len({row[0] for row in await _rows(sessions)}) == 6
    async with sessions() as session:
        keys = await session.scalars(select(InboundKey).order_by(InboundKey.provider_message_id))
        assert [(one.provider_message_id, one.is_part) for one in keys] == [
            ("STOP", False),
            ("hello", True),
        ]


async def _rows(sessions: Sessions) -> list[tuple[Any, ...]]:
    async with sessions() as session:
        found = await session.execute(sql("SELECT id, at, kind, data FROM event ORDER BY id"))
        return [tuple(row) for row in found]
