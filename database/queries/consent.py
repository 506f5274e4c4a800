"""Consent: where a consumer stands, and the ledger of how they came there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import exists, func, insert, select
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Consent, ConsentEvent
from domain.words import EventKind, Keyword

ACCOUNT_SCOPE = "account"
LINE_SCOPE = "line:"


class Source(StrEnum):
    """Who told us of a change of consent."""

    text = "text"
    provider = "provider"
    agent = "agent"
    api = "api"


@dataclass(frozen=True)
class Consenting:
    """Whose consent it is, and on which line they spoke."""

    account_id: str
    consumer_id: UUID
    line_id: str

    @property
    def line_scope(self) -> str:
        """The scope of one sender: what the provider itself blocks."""
        return LINE_SCOPE + self.line_id


async def is_opted_out(session: AsyncSession, who: Consenting) -> bool:
    """Say whether nothing may leave to a consumer on a line."""
    query = exists().where(
        Consent.consumer_id == who.consumer_id,
        Consent.scope.in_((ACCOUNT_SCOPE, who.line_scope)),
        Consent.is_opted_out,
    )
    return bool(await session.scalar(select(query)))


async def record_keyword(
    session: AsyncSession, who: Consenting, keyword: Keyword, *, text: str, inbound_id: UUID
) -> None:
    """Write what a consumer's STOP or START means; HELP means nothing for consent.

    STOP closes the account; START opens it and the line it was texted to, which the provider may
    have closed.
    """
    if keyword is Keyword.help:
        return
    stops = keyword is Keyword.stop
    scopes = (ACCOUNT_SCOPE,) if stops else (ACCOUNT_SCOPE, who.line_scope)
    for scope in scopes:
        await session.execute(_standing(who, scope, is_opted_out=stops))
        await _record(session, who, scope, stops, Source.text, text=text, inbound_id=inbound_id)


async def record_refusal(session: AsyncSession, who: Consenting, *, sent_at: datetime) -> bool:
    """Write that the provider refuses a line's texts to a consumer; says whether that was news.

    `sent_at` is when the refused text left: a START since then holds.
    """
    standing = upsert(Consent).values(
        consumer_id=who.consumer_id, scope=who.line_scope, is_opted_out=True
    )
    changed = standing.on_conflict_do_update(
        index_elements=[Consent.consumer_id, Consent.scope],
        set_={"is_opted_out": True, "changed_at": func.now()},
        where=~Consent.is_opted_out & (Consent.changed_at <= sent_at),
    ).returning(Consent.consumer_id)
    if await session.scalar(changed) is None:
        return False
    await _record(session, who, who.line_scope, True, Source.provider)
    return True


def _standing(who: Consenting, scope: str, *, is_opted_out: bool) -> Insert:
    values = {"is_opted_out": is_opted_out, "changed_at": func.now()}
    row = upsert(Consent).values(consumer_id=who.consumer_id, scope=scope, **values)
    return row.on_conflict_do_update(
        index_elements=[Consent.consumer_id, Consent.scope], set_=values
    )


async def _record(
    session: AsyncSession,
    who: Consenting,
    scope: str,
    opted_out: bool,
    source: Source,
    *,
    text: str | None = None,
    inbound_id: UUID | None = None,
) -> None:
    await session.execute(
        insert(ConsentEvent).values(
            account_id=who.account_id,
            consumer_id=who.consumer_id,
            scope=scope,
            kind=str(EventKind.opted_out if opted_out else EventKind.opted_in),
            source=str(source),
            text=text,
            inbound_id=inbound_id,
        )
    )
