"""Connectors that are out of order: paused, tried with one text at a time, and resumed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.queries.delivery import DeliveryFailure
from database.queries.events import NewEvent, append
from database.tables import Connector, ConnectorPause, Conversation, Line, Message
from domain.conversation.kinds import EventKind
from domain.delivery.message_status import MessageStatus
from domain.delivery.pacing import FIRST_TRIAL, LONGEST_TRIAL_PAUSE

TAKE_TRIAL = b"""
    UPDATE connector_pause
    SET tries = tries + 1,
        try_at = %(now)s + least(%(first)s * power(2, least(tries + 1, 20)), %(longest)s)
    WHERE connector_id = %(connector_id)s AND resumed_at IS NULL AND try_at <= %(now)s
    RETURNING true
"""
TAKE_RESUMED = b"""
    WITH due AS (
        SELECT connector_id FROM connector_pause
        WHERE resumed_at IS NOT NULL AND coalesce(wake_at, resumed_at) <= %(now)s
        ORDER BY resumed_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    UPDATE connector_pause AS pause SET wake_at = %(held_until)s
    FROM due WHERE pause.connector_id = due.connector_id
    RETURNING pause.connector_id
"""


async def begin(
    session: AsyncSession,
    account_id: str,
    connector_id: str,
    reason: DeliveryFailure,
    now: datetime,
) -> tuple[datetime, bool]:
    """Pause a connector; returns when it is tried next, and whether it was not paused before."""
    values = {
        "account_id": account_id,
        "paused_at": now,
        "try_at": now + FIRST_TRIAL,
        "tries": 0,
        "code": reason.code,
        "sentence": reason.sentence,
        "provider_code": reason.provider_code,
        "resumed_at": None,
        "wake_at": None,
    }
    row = upsert(ConnectorPause).values(connector_id=connector_id, **values)
    begun = row.on_conflict_do_update(
        index_elements=[ConnectorPause.connector_id],
        set_=values,
        where=ConnectorPause.resumed_at.is_not(None),
    ).returning(ConnectorPause.try_at)
    if try_at := await session.scalar(begun):
        await _tell(session, account_id, connector_id, EventKind.connector_paused, now)
        return try_at, True
    query = select(ConnectorPause.try_at).where(ConnectorPause.connector_id == connector_id)
    return await session.scalar(query) or now, False


async def take_trial(direct: Direct, connector_id: str, now: datetime) -> bool:
    """Let one text try a paused connector, and commit; the next one later, in growing intervals."""
    values = {"connector_id": connector_id, "now": now}
    values |= {"first": FIRST_TRIAL, "longest": LONGEST_TRIAL_PAUSE}
    return await direct.fetch_one(TAKE_TRIAL, values) is not None


async def end(session: AsyncSession, connector_id: str, now: datetime) -> bool:
    """Resume a connector, whose texts are then woken; returns whether it was paused."""
    ended = (
        update(ConnectorPause)
        .where(ConnectorPause.connector_id == connector_id, ConnectorPause.resumed_at.is_(None))
        .values(resumed_at=now)
        .returning(ConnectorPause.account_id)
    )
    account_id = await session.scalar(ended)
    if account_id is None:
        return False
    await _tell(session, account_id, connector_id, EventKind.connector_resumed, now)
    return True


async def of_account(
    session: AsyncSession, account_id: str
) -> Sequence[tuple[Connector, ConnectorPause]]:
    """Return an account's paused connectors with their pauses, by name."""
    query = (
        select(Connector, ConnectorPause)
        .join(ConnectorPause, ConnectorPause.connector_id == Connector.id)
        .where(
            Connector.account_id == account_id,
            Connector.retired_at.is_(None),
            ConnectorPause.resumed_at.is_(None),
        )
        .order_by(Connector.name, Connector.id)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def of_connector(session: AsyncSession, connector_id: str) -> ConnectorPause | None:
    """Return the pause of a connector; None: it is in order."""
    query = select(ConnectorPause).where(
        ConnectorPause.connector_id == connector_id, ConnectorPause.resumed_at.is_(None)
    )
    return (await session.scalars(query)).one_or_none()


async def take_resumed(direct: Direct, now: datetime, held_for: timedelta) -> str | None:
    """Take a resumed connector whose texts are not woken yet, and commit."""
    row = await direct.fetch_one(TAKE_RESUMED, {"now": now, "held_until": now + held_for})
    return row[0] if row else None


def lines_of(connector_id: str) -> Select[str]:
    return select(Line.id).where(Line.connector_id == connector_id)


async def wake_standalone(session: AsyncSession, lines: Select[str], now: datetime) -> None:
    """Make the texts of lines that have no conversation due now."""
    await session.execute(
        update(Message)
        .where(
            Message.line_id.in_(lines),
            Message.conversation_id.is_(None),
            Message.status == MessageStatus.queued.value,
            Message.look_up_at > now,
        )
        .values(look_up_at=now)
    )


async def waiting_workflows(
    session: AsyncSession, lines: Select[str], *, have_no_time: bool = False
) -> Sequence[str]:
    """Return the workflows whose texts may wait to leave lines, the longest waiting first.

    `have_no_time`: only of texts that their line has given no time.
    """
    query = (
        select(Conversation.workflow_id)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(
            Message.line_id.in_(lines),
            Message.status == MessageStatus.queued.value,
            Message.look_up_at.is_not(None),
        )
        .order_by(Message.written_at)
    )
    if have_no_time:
        query = query.where(Message.leaves_at.is_(None))
    return list(dict.fromkeys(await session.scalars(query)))


async def keep(session: AsyncSession, connector_id: str, until: datetime) -> None:
    """Keep a resumed connector that was taken for longer."""
    await session.execute(
        update(ConnectorPause)
        .where(ConnectorPause.connector_id == connector_id, ConnectorPause.resumed_at.is_not(None))
        .values(wake_at=until)
    )


async def woken(session: AsyncSession, connector_id: str) -> None:
    """Forget a pause whose texts were woken."""
    await session.execute(
        delete(ConnectorPause).where(
            ConnectorPause.connector_id == connector_id, ConnectorPause.resumed_at.is_not(None)
        )
    )


async def _tell(
    session: AsyncSession, account_id: str, connector_id: str, kind: EventKind, now: datetime
) -> None:
    await append(session, account_id, [NewEvent(kind, now, data={"connector": connector_id})])
