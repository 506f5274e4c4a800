"""Consumers as people look at them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.conversations import Viewer, visible
from database.tables import Consent, Consumer, Conversation
from domain.errors import NotFound
from domain.words import LanguageSource


async def find(session: AsyncSession, viewer: Viewer, consumer_id: UUID) -> Consumer:
    """Return a consumer of whom the viewer may see a conversation. Raises `NotFound`."""
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
    """Keep the language a consumer writes; None: forget it, so that it is recognised anew."""
    consumer.language = language
    consumer.language_source = str(source) if language else None
    await session.flush()


async def with_number(session: AsyncSession, account_id: str, number: str) -> UUID:
    """Return the id of an account's consumer with an E.164 number, known or new."""
    of_number = select(Consumer.id).where(
        Consumer.account_id == account_id, Consumer.number == number
    )
    known = await session.scalar(of_number)
    if known is not None:
        return known
    new = upsert(Consumer).values(account_id=account_id, number=number).on_conflict_do_nothing()
    made = await session.scalar(new.returning(Consumer.id))
    return made if made is not None else (await session.scalars(of_number)).one()


async def opted_out_scopes(session: AsyncSession, consumer_id: UUID) -> Sequence[str]:
    """Return what a consumer is opted out of: `account`, or `line:<id>`."""
    query = select(Consent.scope).where(Consent.consumer_id == consumer_id, Consent.is_opted_out)
    return (await session.scalars(query.order_by(Consent.scope))).all()
