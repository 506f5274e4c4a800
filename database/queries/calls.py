"""Phone calls: one row for each, however often and in whichever order its webhooks come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Consumer, Invitation, Message, PhoneCall
from domain.errors import NotFound


@dataclass(frozen=True)
class NewCall:
    """A call as it is first heard of."""

    account_id: str
    connector_id: str | None
    provider_call_id: str | None
    caller: str
    called: str
    menu_id: str | None
    menu_version: int | None
    line_id: str
    skill_id: str
    language: str
    look_back_seconds: int


@dataclass(frozen=True)
class Fate:
    """What became of a call's text. `conversation_id`: the one its reply opened or reached."""

    status: str
    failure: str | None
    conversation_id: UUID | None


async def fates(session: AsyncSession, message_ids: Collection[UUID]) -> dict[UUID, Fate]:
    """Return what became of the texts of calls."""
    query = (
        select(Message.id, Message.status, Message.failure_sentence, Invitation.conversation_id)
        .join(Invitation, Invitation.message_id == Message.id)
        .where(Message.id.in_(message_ids))
    )
    return {row[0]: Fate(*row[1:]) for row in await session.execute(query)}


async def of_provider(session: AsyncSession, new: NewCall) -> PhoneCall:
    """Return a provider's call, locked, and stored if it is new."""
    row = insert(PhoneCall).values(vars(new)).on_conflict_do_nothing()
    await session.execute(row)
    query = select(PhoneCall).where(
        PhoneCall.connector_id == new.connector_id,
        PhoneCall.provider_call_id == new.provider_call_id,
    )
    return (await session.scalars(query.with_for_update())).one()


async def known_to_provider(
    session: AsyncSession, connector_id: str, provider_call_id: str
) -> PhoneCall | None:
    """Return a provider's call, locked; None: it is not known yet."""
    query = select(PhoneCall).where(
        PhoneCall.connector_id == connector_id, PhoneCall.provider_call_id == provider_call_id
    )
    return (await session.scalars(query.with_for_update())).one_or_none()


async def announce(session: AsyncSession, new: NewCall) -> PhoneCall:
    """Store a call of another phone system."""
    call = PhoneCall(**vars(new))
    session.add(call)
    await session.flush()
    await session.refresh(call)
    return call


async def find(session: AsyncSession, account_id: str, call_id: UUID) -> PhoneCall:
    """Return a call of the account. Raises `NotFound`."""
    return await _found(session, account_id, call_id, is_locked=False)


async def find_locked(session: AsyncSession, account_id: str, call_id: UUID) -> PhoneCall:
    """Return a call of the account, locked for a change. Raises `NotFound`."""
    return await _found(session, account_id, call_id, is_locked=True)


async def listed(
    session: AsyncSession, account_id: str, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[PhoneCall]:
    """Return the account's calls, the newest first, before a time and an id."""
    query = select(PhoneCall).where(PhoneCall.account_id == account_id)
    if before is not None:
        query = query.where(tuple_(PhoneCall.began_at, PhoneCall.id) < tuple_(*before))
    query = query.order_by(PhoneCall.began_at.desc(), PhoneCall.id.desc()).limit(limit)
    return (await session.scalars(query)).all()


async def take_due(session: AsyncSession, now: datetime) -> PhoneCall | None:
    """Return a call whose missed text is due, locked; others at work skip it."""
    query = select(PhoneCall).where(PhoneCall.text_due_at <= now)
    query = query.order_by(PhoneCall.text_due_at).limit(1)
    return (await session.scalars(query.with_for_update(skip_locked=True))).one_or_none()


async def lock_consumer(session: AsyncSession, consumer_id: UUID) -> None:
    """Make the calls of one consumer be decided one after another."""
    query = select(Consumer.id).where(Consumer.id == consumer_id)
    await session.execute(query.with_for_update(key_share=True))


async def texted_within(
    session: AsyncSession, consumer_id: UUID, now: datetime, time: timedelta
) -> int:
    """Return how many texts for calls a consumer got within a time before now."""
    query = select(func.count()).where(
        PhoneCall.consumer_id == consumer_id, PhoneCall.texted_at > now - time
    )
    return await session.scalar(query) or 0


async def _found(
    session: AsyncSession, account_id: str, call_id: UUID, *, is_locked: bool
) -> PhoneCall:
    query = select(PhoneCall).where(PhoneCall.id == call_id, PhoneCall.account_id == account_id)
    if is_locked:
        query = query.with_for_update()
    call = (await session.scalars(query)).one_or_none()
    if call is None:
        raise NotFound
    return call
