"""Consent: a consumer's current state, and the ledger of all changes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, insert, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.events import CHANNEL_OPT_OUTS, notify
from database.queries.tellings import News, claiming, terms
from database.tables import Account, Consent, ConsentEvent, Consumer, Line
from domain.consent.keyword import Keyword
from domain.consent.reach import Reach
from domain.consent.sources import ConsentSource
from domain.conversation.kinds import EventKind
from domain.ids import ConsumerId, LineId, workflow_id

ACCOUNT_SCOPE = "account"
LINE_SCOPE = "line:"
CONNECTOR_SCOPE = "connector:"


@dataclass(frozen=True)
class Consenting:
    """The consumer whose consent it is, and the line they texted."""

    account_id: str
    consumer_id: UUID
    line_id: str

    @property
    def line_scope(self) -> str:
        """The scope of one line, which is what the provider itself blocks."""
        return LINE_SCOPE + self.line_id

    @property
    def workflow_id(self) -> str:
        """The id of the workflow for the conversations of this line and consumer."""
        return workflow_id(LineId(self.line_id), ConsumerId(str(self.consumer_id)))


@dataclass(frozen=True)
class Recorded:
    """The evidence for a change of consent: the text, or who recorded it."""

    source: ConsentSource
    text: str | None = None
    inbound_id: UUID | None = None
    agent_id: str | None = None
    token_id: str | None = None
    evidence: str | None = None


@dataclass(frozen=True)
class StillOpen:
    """A conversation that is still open although its consumer has opted out, or is blocked."""

    conversation_id: UUID
    workflow_id: str
    is_block: bool = False


OPTED_OUT = """
    consent.consumer_id = conversation.consumer_id AND consent.is_opted_out
    AND consent.scope IN (
        'account', 'line:' || conversation.line_id, 'connector:' || line.connector_id
    )
"""
# A STOP that is in no transcript yet will close its own line's conversation when it is handed over.
# It belongs to that transcript and is confirmed there.
STOP_IS_COMING = """
    EXISTS (
        SELECT FROM consent_event
        JOIN inbound ON inbound.id = consent_event.inbound_id
        WHERE consent_event.consumer_id = conversation.consumer_id
          AND consent_event.kind = 'opted_out' AND inbound.line_id = conversation.line_id
          AND NOT EXISTS (SELECT FROM message WHERE message.id = inbound.id)
    )
"""
STILL_OPEN = f"""
    SELECT conversation.id AS conversation_id, conversation.sequence, conversation.workflow_id,
        consumer.blocked_at IS NOT NULL AS is_block
    FROM conversation JOIN line ON line.id = conversation.line_id
        JOIN consumer ON consumer.id = conversation.consumer_id
    WHERE conversation.status <> 'closed' AND (consumer.blocked_at IS NOT NULL OR (
        EXISTS (SELECT FROM consent WHERE {OPTED_OUT}) AND NOT {STOP_IS_COMING}
    ))
"""  # noqa: S608 - our own words
CLAIM_STILL_OPEN = claiming(STILL_OPEN)
STILL_OPEN_WITH = sql(f"""
    SELECT conversation.id, conversation.workflow_id, consumer.blocked_at IS NOT NULL
    FROM conversation JOIN latest_step ON latest_step.conversation_id = conversation.id
        JOIN line ON line.id = conversation.line_id
        JOIN consumer ON consumer.id = conversation.consumer_id
    WHERE conversation.consumer_id = ANY(:consumers)
      AND (conversation.status <> 'closed'
           OR (latest_step.state #>> '{{survey,late_until}}')::timestamptz > now())
      AND (consumer.blocked_at IS NOT NULL OR (
        EXISTS (SELECT FROM consent WHERE {OPTED_OUT}) AND NOT {STOP_IS_COMING}
      ))
""")  # noqa: S608 - our own words
LAST_HEARD = sql("""
    SELECT keyword = 'stop' AND provider_handled FROM inbound
    WHERE line_id = :line_id AND consumer_id = :consumer_id AND keyword IN ('stop', 'start')
    ORDER BY arrival DESC LIMIT 1
""")


async def claim_still_open(session: AsyncSession, *, limit: int) -> list[StillOpen]:
    """Return conversations that are still open although their consumer opted out.

    Exactly one caller tells each.
    """
    rows = await session.execute(CLAIM_STILL_OPEN, terms(News.opted_out, limit))
    return [StillOpen(row.conversation_id, row.workflow_id, row.is_block) for row in rows]


async def still_open_with(session: AsyncSession, consumers: Collection[UUID]) -> list[StillOpen]:
    """The same for some consumers, including conversations that await a late survey answer."""
    rows = await session.execute(STILL_OPEN_WITH, {"consumers": list(consumers)})
    return [StillOpen(*row) for row in rows]


async def is_blocked_by_provider(session: AsyncSession, who: Consenting) -> bool:
    """Say whether the provider itself handled the consumer's last STOP on a line."""
    values = {"line_id": who.line_id, "consumer_id": who.consumer_id}
    return bool(await session.scalar(LAST_HEARD, values))


async def is_opted_out(session: AsyncSession, who: Consenting) -> bool:
    """Say whether a consumer has opted out of a line's texts."""
    query = exists().where(
        Consent.consumer_id == who.consumer_id,
        _is_of_line(who),
        Consent.is_opted_out,
    )
    return bool(await session.scalar(select(query)))


async def is_blocked(session: AsyncSession, consumer_id: UUID) -> bool:
    """Say whether a manager has blocked a consumer."""
    query = select(Consumer.blocked_at).where(Consumer.id == consumer_id)
    return await session.scalar(query) is not None


async def last_change(session: AsyncSession, who: Consenting) -> datetime | None:
    """Return when a consumer's consent to a line's texts last changed; None: it never did."""
    query = select(func.max(Consent.changed_at)).where(
        Consent.consumer_id == who.consumer_id, _is_of_line(who)
    )
    return await session.scalar(query)


def _is_of_line(who: Consenting) -> ColumnElement[bool]:
    of_line = Consent.scope.in_((ACCOUNT_SCOPE, who.line_scope))
    return of_line | _is_of_connector(who.line_id)


def _is_of_connector(line_id: str) -> ColumnElement[bool]:
    return Consent.scope == _connector_scope(line_id)


def _connector_scope(line_id: str) -> ScalarSelect[str]:
    return select(CONNECTOR_SCOPE + Line.connector_id).where(Line.id == line_id).scalar_subquery()


async def record_keyword(
    session: AsyncSession,
    who: Consenting,
    keyword: Keyword,
    *,
    text: str,
    inbound_id: UUID,
    sent_at: datetime | None = None,
) -> None:
    """Record a consumer's STOP or START; HELP does not change consent.

    STOP opts out of as much as the account has set. START opts in again to the same, to the line it
    was texted to, which the provider may have blocked, and to all that keeps this line silent.
    `sent_at`: when a late text was sent; the change counts from then, and a keyword sent later
    comes after it.
    """
    if keyword is Keyword.help:
        return
    said = Recorded(ConsentSource.text, text=text, inbound_id=inbound_id)
    reach = await _reach(session, who)
    if keyword is Keyword.stop:
        await session.execute(_standing(who, reach, sent_at, is_opted_out=True))
        await _record(session, who, reach, True, said)
        return
    silent = await session.scalars(
        select(Consent.scope).where(
            Consent.consumer_id == who.consumer_id,
            (Consent.scope == ACCOUNT_SCOPE) | _is_of_connector(who.line_id),
            Consent.is_opted_out,
        )
    )
    for scope in sorted({reach, who.line_scope, *silent}):
        await session.execute(_standing(who, scope, sent_at, is_opted_out=False))
        await _record(session, who, scope, False, said)


async def _reach(session: AsyncSession, who: Consenting) -> str:
    """Return the scope that a STOP to a line opts out of."""
    query = (
        select(Account.opt_out_reach, Line.connector_id)
        .join(Line, Line.account_id == Account.id)
        .where(Line.id == who.line_id, Account.id == who.account_id)
    )
    reach, connector_id = (await session.execute(query)).one()
    scopes = {Reach.line: who.line_scope, Reach.connector: CONNECTOR_SCOPE + connector_id}
    return scopes.get(Reach(reach), ACCOUNT_SCOPE)


async def record_opt_out(
    session: AsyncSession, account_id: str, consumer_id: UUID, by: Recorded
) -> bool:
    """Record an opt-out from all of the account's lines; returns whether it was new."""
    who = Consenting(account_id, consumer_id, "")
    standing = upsert(Consent).values(
        consumer_id=consumer_id, scope=ACCOUNT_SCOPE, is_opted_out=True
    )
    changed = standing.on_conflict_do_update(
        index_elements=[Consent.consumer_id, Consent.scope],
        set_={"is_opted_out": True, "changed_at": func.now()},
        where=~Consent.is_opted_out,
    )
    if await session.scalar(changed.returning(Consent.consumer_id)) is None:
        return False
    await _record(session, who, ACCOUNT_SCOPE, True, by)
    return True


async def record_wish(session: AsyncSession, who: Consenting, by: Recorded) -> None:
    """Record that a consumer asked for a line's texts. It opts nobody in who has opted out."""
    await _record(session, who, who.line_scope, False, by)


async def record_refusal(session: AsyncSession, who: Consenting, *, sent_at: datetime) -> bool:
    """Record that the provider refuses a line's texts to a consumer; returns whether it was new.

    `sent_at`: when the refused text was sent. A START received since then wins.
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
    await _record(session, who, who.line_scope, True, Recorded(ConsentSource.provider))
    return True


async def refused(session: AsyncSession, who: Consenting, *, sent_at: datetime) -> bool:
    """Record a refusal, new or not; returns whether the consumer is opted out of the line now.

    An open conversation hears of it only then: since a START it may be about the next question.
    """
    await record_refusal(session, who, sent_at=sent_at)
    return await is_opted_out(session, who)


def _standing(
    who: Consenting, scope: str, sent_at: datetime | None, *, is_opted_out: bool
) -> Insert:
    values = {"is_opted_out": is_opted_out, "changed_at": sent_at or func.now()}
    row = upsert(Consent).values(consumer_id=who.consumer_id, scope=scope, **values)
    return row.on_conflict_do_update(
        index_elements=[Consent.consumer_id, Consent.scope], set_=values
    )


async def _record(
    session: AsyncSession, who: Consenting, scope: str, opted_out: bool, by: Recorded
) -> None:
    await session.execute(
        insert(ConsentEvent).values(
            account_id=who.account_id,
            consumer_id=who.consumer_id,
            scope=scope,
            kind=str(EventKind.opted_out if opted_out else EventKind.opted_in),
            source=str(by.source),
            text=by.text,
            inbound_id=by.inbound_id,
            agent_id=by.agent_id,
            token_id=by.token_id,
            evidence=by.evidence,
        )
    )
    if opted_out:
        await notify(session, CHANNEL_OPT_OUTS, str(who.consumer_id))
