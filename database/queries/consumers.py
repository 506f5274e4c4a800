"""Consumers, as agents and the API see them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from database.queries.consent import ACCOUNT_SCOPE, CONNECTOR_SCOPE, LINE_SCOPE
from database.queries.visibility import Viewer, visible
from database.tables import Consent, Consumer, Conversation, Line
from domain.errors import NotFound
from domain.language_settings import LanguageSource
from domain.numbers.phone_numbers import Address

ASKED, OTHER = aliased(Consumer), aliased(Consumer)
"""Made once: it takes as long as to ask PostgreSQL."""


async def find(session: AsyncSession, viewer: Viewer, consumer_id: UUID) -> Consumer:
    """Return a consumer, if the viewer may see one of their conversations. Raises `NotFound`.

    Conversations of all numbers count that were found to be the same consumer's.
    """
    of_account = Consumer.account_id == viewer.account_id
    query = select(Consumer).where(Consumer.id == consumer_id, of_account)
    if not viewer.sees_all:
        theirs = Conversation.consumer_id.in_(same_as(consumer_id))
        query = query.where(exists().where(theirs, visible(viewer)))
    consumer = (await session.scalars(query)).one_or_none()
    if consumer is None:
        raise NotFound
    return consumer


def same_as(consumer_id: UUID) -> Select[UUID]:
    """Return the query for the ids of all numbers of a consumer, by the id of any of them."""
    kept = func.coalesce(ASKED.merged_into_id, ASKED.id)
    is_same = or_(OTHER.id == kept, OTHER.merged_into_id == kept)
    return select(OTHER.id).join(ASKED, is_same).where(ASKED.id == consumer_id)


async def all_numbers(session: AsyncSession, consumer_id: UUID) -> Sequence[Consumer]:
    """Return all numbers of a consumer, by the id of any of them."""
    query = select(Consumer).where(Consumer.id.in_(same_as(consumer_id)))
    return (await session.scalars(query.order_by(Consumer.created_at, Consumer.id))).all()


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


async def known_by(session: AsyncSession, account_id: str, phone: str) -> Consumer | None:
    """Return an account's consumer by the key of their phone; None: they are new."""
    query = select(Consumer).where(Consumer.account_id == account_id, Consumer.phone == phone)
    return (await session.scalars(query)).one_or_none()


async def accounts_of(session: AsyncSession, phone: str) -> Sequence[str]:
    """Return the accounts that know a phone, by its key."""
    query = select(Consumer.account_id).where(Consumer.phone == phone)
    return (await session.scalars(query.order_by(Consumer.account_id))).all()


async def is_opted_out_of_all(session: AsyncSession, consumer_id: UUID) -> bool:
    """Say whether a consumer is opted out of the whole account."""
    query = exists().where(
        Consent.consumer_id == consumer_id, Consent.scope == ACCOUNT_SCOPE, Consent.is_opted_out
    )
    return bool(await session.scalar(select(query)))


async def opted_out_lines(session: AsyncSession, consumer: Consumer) -> Sequence[str]:
    """Return the lines that a consumer is opted out of by the line or its connector, by id."""
    scopes = (LINE_SCOPE + Line.id, CONNECTOR_SCOPE + Line.connector_id)
    theirs = exists().where(
        Consent.consumer_id == consumer.id, Consent.is_opted_out, Consent.scope.in_(scopes)
    )
    query = select(Line.id).where(Line.account_id == consumer.account_id, theirs)
    return (await session.scalars(query.order_by(Line.id))).all()
