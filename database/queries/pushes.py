"""Pushes on their way to browsers, subscriptions, and who has a page open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.tables import OpenPages, Push, PushKey, PushSubscription, Session

THE_KEY = 1


@dataclass(frozen=True)
class NewPush:
    """A notice to push to all browsers of a person."""

    notice_id: int
    agent_id: str
    times: int
    due_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class ClaimedPush:
    """A push that this process sends now."""

    id: int
    notice_id: int
    subscription_id: UUID
    times: int
    tries: int
    expires_at: datetime


async def plan(session: AsyncSession, new: Sequence[NewPush], now: datetime) -> None:
    """Plan pushes to browsers in which these people are logged in. One that waits is replaced."""
    if not new:
        return
    query = (
        select(PushSubscription.id, PushSubscription.agent_id)
        .join(Session, Session.token_hash == PushSubscription.session_hash)
        .where(
            PushSubscription.agent_id.in_({one.agent_id for one in new}), Session.expires_at > now
        )
    )
    browsers = (await session.execute(query)).all()
    rows = [
        {
            "notice_id": one.notice_id,
            "subscription_id": browser.id,
            "due_at": one.due_at,
            "expires_at": one.expires_at,
            "times": one.times,
        }
        for one in new
        for browser in browsers
        if browser.agent_id == one.agent_id
    ]
    if not rows:
        return
    statement = insert(Push).values(rows)
    fresh = statement.excluded
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["notice_id", "subscription_id"],
            set_={
                "times": fresh.times,
                "tries": 0,
                "expires_at": fresh.expires_at,
                # What is being sent at this moment goes first.
                "due_at": func.greatest(Push.due_at, fresh.due_at),
            },
        )
    )


CLAIM = b"""
    UPDATE push SET due_at = %(held_until)s, tries = tries + 1
    WHERE id IN (
        SELECT id FROM push WHERE due_at <= %(now)s ORDER BY due_at LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    )
    RETURNING id, notice_id, subscription_id, times, tries, expires_at
"""


async def claim(
    direct: Direct, now: datetime, *, held_for: timedelta, limit: int
) -> list[ClaimedPush]:
    """Claim pushes that are due. If this process dies, they are due again when the hold ends."""
    values = {"now": now, "held_until": now + held_for, "limit": limit}
    return [ClaimedPush(*row) for row in await direct.fetch_all(CLAIM, values)]


async def end(session: AsyncSession, push: ClaimedPush) -> None:
    """Delete a push, unless the notice happened again meanwhile."""
    await session.execute(delete(Push).where(Push.id == push.id, Push.times == push.times))


async def postpone(session: AsyncSession, push: ClaimedPush, due_at: datetime) -> None:
    """Have a push sent again later."""
    row = await session.get(Push, push.id, with_for_update=True)
    if row is not None and row.times == push.times:
        row.due_at = due_at


async def took(session: AsyncSession, subscription_id: UUID, now: datetime) -> None:
    """Note that a browser's push service took a push."""
    row = await session.get(PushSubscription, subscription_id)
    if row is not None:
        row.told_at = now


async def forget(session: AsyncSession, subscription_id: UUID) -> None:
    """Delete a subscription with its pushes: the push service does not know it any more."""
    await session.execute(delete(PushSubscription).where(PushSubscription.id == subscription_id))


async def subscriptions(session: AsyncSession, agent_id: str) -> Sequence[PushSubscription]:
    """Return the browsers that a person lets us push to, the newest first."""
    table = PushSubscription
    query = select(table).where(table.agent_id == agent_id)
    return (await session.scalars(query.order_by(table.created_at.desc(), table.id))).all()


async def subscribe(
    session: AsyncSession, row: dict[str, object], *, most: int
) -> PushSubscription:
    """Keep a browser's subscription; it belongs to whoever made it last. Old ones make room."""
    statement = insert(PushSubscription).values(row)
    names = ("account_id", "agent_id", "session_hash", "p256dh", "auth", "browser", "language")
    statement = statement.on_conflict_do_update(
        index_elements=["endpoint"],
        set_={name: getattr(statement.excluded, name) for name in names},
    )
    made = (
        await session.scalars(
            statement.returning(PushSubscription), execution_options={"populate_existing": True}
        )
    ).one()
    known = await subscriptions(session, made.agent_id)
    for old in [one for one in known if one.id != made.id][most - 1 :]:
        await session.delete(old)
    return made


async def key(session: AsyncSession) -> PushKey | None:
    """Return the installation's pair of keys, None before it was made."""
    return await session.get(PushKey, THE_KEY)


async def keep_key(session: AsyncSession, public_key: str, private_key: bytes) -> PushKey:
    """Keep a new pair of keys, unless another process was first; returns the one that counts."""
    new = insert(PushKey).values(id=THE_KEY, public_key=public_key, private_key=private_key)
    await session.execute(new.on_conflict_do_nothing())
    return await session.get_one(PushKey, THE_KEY)


async def keep_open_pages(
    session: AsyncSession, process_id: UUID, agent_ids: Sequence[str], until: datetime
) -> None:
    """Note who has a page open at an API process."""
    statement = insert(OpenPages).values(
        process_id=process_id, agent_ids=list(agent_ids), until=until
    )
    fresh = statement.excluded
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["process_id"],
            set_={"agent_ids": fresh.agent_ids, "until": fresh.until},
        )
    )


async def forget_pages(session: AsyncSession, before: datetime) -> None:
    """Forget API processes that ended without saying so."""
    await session.execute(delete(OpenPages).where(OpenPages.until < before))


async def has_page(session: AsyncSession, agent_id: str, now: datetime) -> bool:
    """Say whether a person has a page open."""
    query = select(OpenPages.process_id).where(
        OpenPages.agent_ids.contains([agent_id]), OpenPages.until > now
    )
    return (await session.scalars(query.limit(1))).first() is not None
