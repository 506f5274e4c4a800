"""Alerts begin and end by what is so, and each is told once, whoever looks."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, insert, select, update

from database.engine import Sessions
from database.tables import (
    Account,
    Agent,
    Alert,
    BoundHit,
    ConnectorPause,
    Consumer,
    Conversation,
    Event,
    ExportSchedule,
    LineHealth,
    LineRefusal,
    QueueEntry,
)
from domain.board.kinds import AlertKind
from services.supervising.alerts import AlertWatch
from tests.fixtures.brand import Brand
from tests.fixtures.clocks import OFF, clock

LONG_AGO = datetime.now(UTC) - timedelta(hours=1)


async def somebody_waits(sessions: Sessions, brand: Brand, since: datetime = LONG_AGO) -> None:
    one, consumer = uuid4(), uuid4()
    account = {"account_id": brand.account_id}
    conversation = account | {
        "id": one,
        "line_id": brand.line_id,
        "consumer_id": consumer,
        "workflow_id": "w",
        "number": 1,
        "sequence": 1,
        "status": "waiting",
        "pending_side": "agent",
        "skill_id": brand.support,
        "opened_by": "consumer",
        "opened_at": since,
    }
    entry = account | {
        "conversation_id": one,
        "ticket": 1,
        "workflow_id": "w",
        "skill_id": brand.support,
        "entered_at": since,
    }
    async with sessions.begin() as session:
        number = {"id": consumer, "number": "+15550123"}
        await session.execute(insert(Consumer).values(account | number))
        await session.execute(insert(Conversation).values(conversation))
        await session.execute(insert(QueueEntry).values(entry))


CALLED = {
    AlertKind.waiting_long: "Support",
    AlertKind.nobody_online: "Support",
    AlertKind.connector_paused: "Twilio",
    AlertKind.texts_refused: "Support line",
    AlertKind.line_broken: "Support line",
    AlertKind.bound_reached: "Support line",
    AlertKind.export_failing: "Daily",
}
"""What alerts are about is called so: skill and line have the same id."""


async def told(sessions: Sessions) -> list[tuple[str, str]]:
    """Return what was told since the last time: the event's kind, and the alert's."""
    async with sessions.begin() as session:
        found = list(await session.scalars(select(Event).order_by(Event.id)))
        await session.execute(delete(Event))
    for one in found:
        assert one.data["name"] == CALLED[one.data["alert"]]
    return [(one.kind, one.data["alert"]) for one in found]


async def test_an_alert_lasts_as_long_as_what_it_is_about(
    session_factory: Sessions, brand: Brand
) -> None:
    sessions, watch = session_factory, AlertWatch(session_factory)
    await watch.look()
    assert await told(sessions) == []
    async with sessions.begin() as session:
        await session.execute(update(Agent).values(state_since=LONG_AGO))
    await somebody_waits(sessions, brand)
    pause = {"account_id": brand.account_id, "code": "account", "sentence": "s"}
    async with sessions.begin() as session:
        connector = f"{brand.account_id}-twilio"
        times = {"paused_at": LONG_AGO, "try_at": LONG_AGO}
        await session.execute(
            insert(ConnectorPause).values(connector_id=connector, **times, **pause)
        )
        await session.execute(
            insert(LineRefusal).values(line_id=brand.line_id, reason="another_channel")
        )
        health = {"checked_at": LONG_AGO, "findings": [], "broken_since": LONG_AGO}
        await session.execute(
            insert(BoundHit).values(line_id=brand.line_id, last_at=datetime.now(UTC))
        )
        await session.execute(insert(LineHealth).values(line_id=brand.line_id, **health))
        fails: dict[str, Any] = {
            "kind": "messages",
            "format": "csv",
            "filters": {},
            "failure": "No room.",
        }
        fails |= {"id": uuid4(), "account_id": brand.account_id, "name": "Daily"}
        when = {"split_by": "day", "every": "day", "hour": 5}
        await session.execute(insert(ExportSchedule).values(**fails, **when))
    await asyncio.gather(watch.look(), AlertWatch(sessions).look())
    await watch.look()
    assert sorted(await told(sessions)) == [("alert_began", kind) for kind in sorted(AlertKind)]
    async with sessions.begin() as session:
        online = {"state": "online", "state_since": LONG_AGO}
        await session.execute(update(Agent).values(online))
        await session.execute(update(ConnectorPause).values(resumed_at=LONG_AGO))
        await session.execute(update(LineRefusal).values(last_at=LONG_AGO))
        await session.execute(update(BoundHit).values(last_at=LONG_AGO))
        await session.execute(update(LineHealth).values(broken_since=None))
        await session.execute(update(ExportSchedule).values(failure=None))
    await watch.look()
    over = sorted(set(AlertKind) - {AlertKind.waiting_long})
    assert sorted(await told(sessions)) == [("alert_ended", kind) for kind in over]
    async with sessions.begin() as session:
        await session.execute(delete(QueueEntry))
    await watch.look()
    assert await told(sessions) == [("alert_ended", "waiting_long")]
    async with sessions() as session:
        assert len(list(await session.scalars(select(Alert.ended_at)))) == len(AlertKind)


async def test_an_account_says_what_its_managers_are_alerted_to(
    session_factory: Sessions, brand: Brand
) -> None:
    quiet = {"alert_waiting_seconds": None, "alerts_nobody_online": False}
    async with session_factory.begin() as session:
        await session.execute(update(Account).values(**quiet, alerts_texts_not_passing=False))
    await somebody_waits(session_factory, brand)
    await AlertWatch(session_factory).look()
    assert await told(session_factory) == []


async def test_no_alert_begins_early_or_ends_because_a_workers_clock_is_wrong(
    session_factory: Sessions, brand: Brand
) -> None:
    waits = {"alert_waiting_seconds": 240, "alerts_nobody_online": False}
    async with session_factory.begin() as session:
        await session.execute(update(Account).values(**waits, alerts_texts_not_passing=False))
    await somebody_waits(session_factory, brand, datetime.now(UTC))
    with clock(OFF):
        await AlertWatch(session_factory).look()
    assert await told(session_factory) == []
    async with session_factory.begin() as session:
        since = datetime.now(UTC) - timedelta(minutes=4, seconds=30)
        await session.execute(update(QueueEntry).values(entered_at=since))
    await AlertWatch(session_factory).look()
    with clock(-OFF):
        await AlertWatch(session_factory).look()
    assert await told(session_factory) == [("alert_began", "waiting_long")]
