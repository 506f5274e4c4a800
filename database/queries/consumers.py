"""Consumers, as agents and the API see them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.visibility import Viewer, visible
from database.tables import Consent, Consumer, Conversation
from domain.errors import NotFound
from domain.language_settings import LanguageSource
from domain.numbers.phone_numbers import Address


async def find(session: AsyncSession, viewer: Viewer, consumer_id: UUID) -> Consumer:
    """Return a consumer, if the viewer may see one of their conversations. Raises `NotFound`."""
    of_account = Consumer.account_id == viewer.account_id
    query = select(Consumer).where(Consumer.id == consumer_id, of_account)
    if not viewer.sees_all:
        theirs = Conversation.consumer_id == consumer_id
        query = query.where(exists().where(theirs, visible(viewer)))
    consumer = (await session.scalars(query)).one_or_none()
    if consumer is None:
        raise NotFound
    return consumer


async def set_language(
    session: AsyncSession, consumer: Consumer, language: str | None, source: LanguageSource
) -> None:
    """Store the language a consumer writes; None forgets it, so that it is recognised again."""
    consumer.language = language
    consumer.language_source = str(source) if language else None
    await session.flush()


async def with_phone(session: AsyncSession, account_id: str, phone: Address) -> Consumer:
    """Return an account's consumer with a phone, created if they are new.

    A known consumer keeps the spelling of their number, because they may have texted from it.
    """
    theirs = select(Consumer).where(Consumer.account_id == account_id, Consumer.phone == phone.key)
    known = (await session.scalars(theirs)).one_or_none()
    if known is not None:
        return known
    row = {"account_id": account_id, "phone": phone.key, "number": phone.written}
    await session.execute(upsert(Consumer).values(row).on_conflict_do_nothing())
    return (await session.scalars(theirs)).one()


async def opted_out_scopes(session: AsyncSession, consumer_id: UUID) -> Sequence[str]:
    """Return the scopes a consumer is opted out of: `account`, or `line:<id>`."""
    query = select(Consent.scope).where(Consent.consumer_id == consumer_id, Consent.is_opted_out)
    return (await session.scalars(query.order_by(Consent.scope))).all()
