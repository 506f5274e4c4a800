"""Requests with an idempotency key: claimed before they are carried out, then answered again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.tables import Idempotency
from domain.errors import Conflict

KEPT = timedelta(hours=24)
UNANSWERED = 0
"""Status of a claimed request without an answer."""


@dataclass(frozen=True)
class IdempotentRequest:
    """A caller's request under a key. `fingerprint` tells it from any other request.

    `former`: fingerprints of the same request by other keys of the installation, one of which a
    process before the keys were changed, or one that has not got the change yet, may have stored.
    """

    account_id: str
    caller: str
    key: str
    fingerprint: str
    former: tuple[str, ...] = ()

    @property
    def row(self) -> ColumnElement[bool]:
        return (
            (Idempotency.account_id == self.account_id)
            & (Idempotency.caller == self.caller)
            & (Idempotency.key == self.key)
        )


@dataclass(frozen=True)
class StoredAnswer:
    """The answer to a request: HTTP status and JSON body."""

    status: int
    body: dict[str, Any]


@dataclass(frozen=True)
class Claimed:
    """A claimed key. `is_repeated`: the request claimed it before, with or without an answer."""

    answer: StoredAnswer | None = None
    is_repeated: bool = False


async def claim(session: AsyncSession, request: IdempotentRequest, now: datetime) -> Claimed:
    """Claim a key for a request; returns the stored answer, if there is one.

    Waits for a transaction that claims the same key. Raises `Conflict` when the key belongs to
    another request.
    """
    await session.execute(
        delete(Idempotency).where(request.row, Idempotency.created_at < now - KEPT)
    )
    claimed = await session.execute(
        insert(Idempotency)
        .values(
            account_id=request.account_id,
            caller=request.caller,
            key=request.key,
            fingerprint=request.fingerprint,
            status=UNANSWERED,
            body={},
        )
        .on_conflict_do_nothing()
        .returning(Idempotency.key)
    )
    if claimed.first() is not None:
        return Claimed()
    known = (await session.scalars(select(Idempotency).where(request.row))).one()
    if known.fingerprint not in (request.fingerprint, *request.former):
        raise Conflict("This Idempotency-Key was used for another request.")
    is_answered = known.status != UNANSWERED
    answer = StoredAnswer(known.status, known.body) if is_answered else None
    return Claimed(answer, is_repeated=True)


async def is_claimed(session: AsyncSession, account_id: str, caller: str, key: str) -> bool:
    """Say whether a caller claimed this key."""
    row = IdempotentRequest(account_id, caller, key, fingerprint="").row
    return (await session.scalars(select(Idempotency.key).where(row))).first() is not None


async def keep(session: AsyncSession, request: IdempotentRequest, answer: StoredAnswer) -> None:
    """Store the answer to a claimed request."""
    await session.execute(
        update(Idempotency).where(request.row).values(status=answer.status, body=answer.body)
    )


async def release(session: AsyncSession, request: IdempotentRequest) -> None:
    """Release a key: its request was refused, and may be corrected and sent again."""
    await session.execute(delete(Idempotency).where(request.row, Idempotency.status == UNANSWERED))


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Delete answers that have expired."""
    await session.execute(delete(Idempotency).where(Idempotency.created_at < now - KEPT))
