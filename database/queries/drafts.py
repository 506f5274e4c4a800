"""Drafts: saved at a revision, emptied by what was sent, told to their writer's other pages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.tables import Draft
from domain.writing.drafts import Surface, Written, after_sending

KEYS_KEPT = 20
"""Of commands that sent something. Ours: a page sends one after the other, and few tabs write."""
CHANNEL_DRAFTS = "switchboard_drafts"
"""NOTIFY with whose draft changed: `Changed` as JSON."""


@dataclass(frozen=True)
class DraftOf:
    """Which draft is meant."""

    account_id: str
    agent_id: str
    conversation_id: UUID
    surface: Surface

    @property
    def row(self) -> ColumnElement[bool]:
        return (
            (Draft.agent_id == self.agent_id)
            & (Draft.conversation_id == self.conversation_id)
            & (Draft.surface == str(self.surface))
        )


@dataclass(frozen=True)
class Changed:
    """A draft that has another revision, without its words."""

    account_id: str
    agent_id: str
    conversation_id: UUID
    surface: Surface
    revision: int

    @classmethod
    def read(cls, payload: str) -> Self:
        """Read what was notified."""
        account_id, agent_id, conversation_id, surface, revision = json.loads(payload)
        return cls(account_id, agent_id, UUID(conversation_id), Surface(surface), revision)


def written(row: Draft) -> Written:
    """Return what a row holds."""
    return Written(row.text, tuple(UUID(one) for one in row.pictures), row.saved_reply_id)


async def find(session: AsyncSession, which: DraftOf) -> Draft | None:
    """Return a draft as it is in the database now."""
    query = select(Draft).where(which.row).execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def of_conversation(
    session: AsyncSession, agent_id: str, conversation_id: UUID
) -> Sequence[Draft]:
    """Return a person's drafts in a conversation."""
    query = select(Draft).where(
        Draft.agent_id == agent_id, Draft.conversation_id == conversation_id
    )
    return (await session.scalars(query.order_by(Draft.surface))).all()


async def with_words(
    session: AsyncSession, agent_id: str, *, after: tuple[UUID, str] | None, limit: int
) -> Sequence[Draft]:
    """Return a person's drafts that are not empty, by conversation and surface."""
    position = tuple_(Draft.conversation_id, Draft.surface)
    query = select(Draft).where(Draft.agent_id == agent_id, ~_is_empty())
    if after is not None:
        query = query.where(position > after)
    order = query.order_by(Draft.conversation_id, Draft.surface).limit(limit)
    return (await session.scalars(order)).all()


async def save(
    session: AsyncSession, which: DraftOf, words: Written, *, known: int, now: datetime
) -> Draft | None:
    """Save a draft for somebody who knows its revision `known`, and return it with the next one.

    Returns None if it has another revision by now: then nothing is changed.
    """
    values = {**_columns(words), "updated_at": now}
    fresh = insert(Draft).values(**_key(which), **values, revision=known + 1)
    changed = fresh.on_conflict_do_update(
        index_elements=[Draft.agent_id, Draft.conversation_id, Draft.surface],
        set_={**values, "revision": Draft.revision + 1},
        where=Draft.revision == known,
    ).returning(Draft)
    row = (
        await session.scalars(changed, execution_options={"populate_existing": True})
    ).one_or_none()
    if row is not None:
        await _tell(session, which, row.revision)
    return row


async def empty_sent(
    session: AsyncSession, which: DraftOf, sent: Written, *, key: str, now: datetime
) -> bool:
    """Take what was sent out of a draft, once for each command; say whether this was the first.

    The revision goes on even if nothing was saved, so that a save still on its way is refused.
    """
    values = {**_key(which), "revision": 0, "updated_at": now}
    await session.execute(insert(Draft).values(values).on_conflict_do_nothing())
    query = select(Draft).where(which.row).with_for_update()
    row = (await session.scalars(query, execution_options={"populate_existing": True})).one()
    known = (row.sent_keys or "").splitlines()
    if key in known:
        return False
    for name, value in _columns(after_sending(written(row), sent)).items():
        setattr(row, name, value)
    row.revision += 1
    row.sent_keys, row.updated_at = "\n".join([key, *known][:KEYS_KEPT]), now
    await session.flush()
    await _tell(session, which, row.revision)
    return True


async def forget_old(
    session: AsyncSession, now: datetime, *, kept: timedelta, empty: timedelta
) -> None:
    """Delete drafts that nobody has changed for long. `empty`: for those without words."""
    old = (Draft.updated_at < now - kept) | (_is_empty() & (Draft.updated_at < now - empty))
    await session.execute(delete(Draft).where(old))


def _key(which: DraftOf) -> dict[str, object]:
    return {
        "agent_id": which.agent_id,
        "conversation_id": which.conversation_id,
        "surface": str(which.surface),
        "account_id": which.account_id,
    }


def _columns(words: Written) -> dict[str, object]:
    return {
        "text": words.text,
        "pictures": [str(one) for one in words.pictures],
        "saved_reply_id": words.saved_reply,
    }


def _is_empty() -> ColumnElement[bool]:
    has_none = func.jsonb_array_length(Draft.pictures) == 0
    return (Draft.text == "") & has_none & Draft.saved_reply_id.is_(None)


async def _tell(session: AsyncSession, which: DraftOf, revision: int) -> None:
    """Tell the writer's pages at commit."""
    conversation_id, surface = str(which.conversation_id), str(which.surface)
    told = [which.account_id, which.agent_id, conversation_id, surface, revision]
    await session.execute(select(func.pg_notify(CHANNEL_DRAFTS, json.dumps(told))))
