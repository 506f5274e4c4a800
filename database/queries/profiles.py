"""What is known of consumers: one profile for all numbers that were found to be one consumer's.

Each number keeps its row, and with it its thread, consent, block and language. The rows of one
consumer hold the same name, email, note and fields, so that every list reads them where it is.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.queries.words import of_field, stored_words
from database.tables import Consumer, Conversation
from domain.consumers.profile import Profile
from domain.conversation.kinds import Status
from domain.errors import ConsumerChanged
from domain.searching.words import words_of


def kept_id(consumer: Consumer) -> UUID:
    """Return the id of the consumer that a number belongs to: its own, if it was not merged."""
    return consumer.merged_into_id or consumer.id


def numbers_of(*kept: UUID) -> ColumnElement[bool]:
    """Return the condition for all numbers of consumers, by the ids of the kept ones."""
    return or_(Consumer.id.in_(kept), Consumer.merged_into_id.in_(kept))


async def all_numbers(session: AsyncSession, consumer: Consumer) -> Sequence[Consumer]:
    """Return all numbers of a consumer, the kept one first."""
    kept_first = (Consumer.merged_into_id.is_not(None), Consumer.created_at, Consumer.id)
    query = select(Consumer).where(numbers_of(kept_id(consumer))).order_by(*kept_first)
    return (await session.scalars(query)).all()


async def locked(session: AsyncSession, *consumers: Consumer) -> Sequence[Consumer]:
    """Lock all numbers of consumers for a change, and read them again.

    Raises `ConsumerChanged` if they were merged or parted meanwhile.
    """
    kept = {kept_id(consumer) for consumer in consumers}
    query = (
        select(Consumer)
        .where(numbers_of(*kept))
        .order_by(Consumer.id)
        # Not FOR UPDATE: arriving texts refer to these rows and must not wait.
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    rows = (await session.scalars(query)).all()
    if {kept_id(row) for row in rows} != kept or not {one.id for one in consumers} <= {
        row.id for row in rows
    }:
        raise ConsumerChanged
    return rows


def profile_of(consumer: Consumer) -> Profile:
    return Profile(consumer.name, consumer.email, consumer.note, dict(consumer.fields))


def write(rows: Sequence[Consumer], profile: Profile, revision: int) -> None:
    """Give all numbers of a consumer the same details, and the words they are found by."""
    for row in rows:
        row.words = _found_by(row.account_id, profile)
        row.name, row.email, row.note = profile.name, profile.email, profile.note
        row.fields = dict(profile.fields)
        row.revision = revision


def _found_by(account_id: str, profile: Profile) -> str:
    everybodys = words_of(" ".join(filter(None, (profile.name, profile.email, profile.note))))
    of_fields = (
        of_field(field_id, word)
        for field_id, value in profile.fields.items()
        if isinstance(value, str)
        for word in words_of(value)
    )
    return stored_words(account_id, (*everybodys, *of_fields))


def as_json(profile: Profile) -> dict[str, Any]:
    """Return a profile as it is kept with a merge."""
    return asdict(profile)


def from_json(kept: dict[str, Any]) -> Profile:
    return Profile(**kept)


async def conversations_to_tell(session: AsyncSession, numbers: Sequence[UUID]) -> Sequence[UUID]:
    """Return the conversations whose readers are told of a change: open ones, else the newest."""
    theirs = select(Conversation.id).where(Conversation.consumer_id.in_(numbers))
    is_open = theirs.where(Conversation.status != str(Status.closed))
    found = (await session.scalars(is_open.order_by(Conversation.opened_at))).all()
    if found:
        return found
    return (await session.scalars(theirs.order_by(Conversation.opened_at.desc()).limit(1))).all()
