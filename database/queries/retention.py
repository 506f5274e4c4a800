"""What is kept no longer: conversations, found some at a time, and counted beforehand."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.erasing import rows
from database.erasing.rows import About, Bounded
from database.erasing.tables import OF_AGE, PERSONAL

CONVERSATIONS = PERSONAL["conversation"].kind
ACCOUNTS = sql("""
    SELECT id, retention_days FROM account
    WHERE retention_days IS NOT NULL OR EXISTS (
        SELECT FROM skill WHERE skill.account_id = account.id AND retention_days IS NOT NULL
    )
    ORDER BY id
""")
ENDED = """
    FROM conversation JOIN account ON account.id = conversation.account_id
    LEFT JOIN skill ON skill.id = conversation.skill_id
    WHERE conversation.account_id = :account_id AND conversation.status = 'closed'
      AND conversation.forgotten_at IS NULL AND conversation.texts_to_carry = 0
"""
# Without a number of days the comparison is null, and nothing goes.
OLD = sql(f"""
    SELECT conversation.id {ENDED}
      AND conversation.closed_at
        < :now - make_interval(days => coalesce(skill.retention_days, account.retention_days))
    ORDER BY conversation.closed_at LIMIT :limit
""")
COUNTED = sql(f"""
    SELECT count(*) {ENDED}
      AND conversation.closed_at
        < :now - make_interval(days => coalesce(skill.retention_days, account.retention_days))
""")
# Of the account: what its own number of days decides, and no skill's.
WOULD_GO = sql("""
    SELECT count(*) FROM (
        SELECT FROM conversation
        WHERE account_id = :account_id AND status = 'closed' AND forgotten_at IS NULL
          AND texts_to_carry = 0
          AND closed_at < :now - make_interval(days => CAST(:days AS integer))
          AND coalesce(skill_id, '') NOT IN (
              SELECT id FROM skill WHERE account_id = :account_id AND retention_days IS NOT NULL
          )
        LIMIT :limit
    ) AS old
""")
WOULD_GO_OF_SKILL = sql("""
    SELECT count(*) FROM (
        SELECT FROM conversation
        WHERE account_id = :account_id AND status = 'closed' AND forgotten_at IS NULL
          AND texts_to_carry = 0 AND skill_id = :skill_id
          AND closed_at < :now - make_interval(days => CAST(:days AS integer))
        LIMIT :limit
    ) AS old
""")
DAYS = sql("SELECT retention_days FROM account WHERE id = :account_id")


@dataclass(frozen=True)
class WouldGo:
    """What loses its content at once: how many by kind, and the kinds of which there may be more.

    `days`: how many then hold, of the account where a skill says nothing; None: all is kept.
    """

    days: int | None
    counts: Counter[str] = field(default_factory=Counter)
    at_least: frozenset[str] = frozenset()

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of which something goes, as far as anybody has looked."""
        return self.at_least | (+self.counts).keys()


async def accounts(session: AsyncSession) -> Mapping[str, int | None]:
    """Return the accounts that do not keep everything for good, with the days that each keeps it.

    None: only skills of it say so.
    """
    return {row[0]: row[1] for row in await session.execute(ACCOUNTS)}


async def old(session: AsyncSession, account_id: str, now: datetime, limit: int) -> list[UUID]:
    """Return ended conversations of an account that are older than it keeps them."""
    values = {"account_id": account_id, "now": now, "limit": limit}
    return list(await session.scalars(OLD, values))


async def count_old(
    session: AsyncSession, account_id: str, days: int | None, now: datetime
) -> Counter[str]:
    """Count what an account that keeps things for `days` has kept for longer, by kind."""
    ended = await session.scalar(COUNTED, {"account_id": account_id, "now": now}) or 0
    return Counter({CONVERSATIONS: ended}) + await _of_no_conversation(
        session, account_id, days, now
    )


async def would_go(
    session: AsyncSession,
    account_id: str,
    skill_id: str | None,
    days: int | None,
    now: datetime,
    *,
    most: int,
) -> WouldGo:
    """Count what would lose its content if an account, or a skill, kept things for so many days.

    At most `most` of each kind are looked at. What is of no conversation is kept as the account
    says, whatever a skill does, and what another skill has decided is none of these days' doing.
    """
    values: dict[str, Any] = {"account_id": account_id}
    if days is None and skill_id is not None:
        days = await session.scalar(DAYS, {"account_id": account_id})
    if days is None:
        return WouldGo(None)
    query = WOULD_GO if skill_id is None else WOULD_GO_OF_SKILL
    values |= {"days": days, "now": now, "limit": most + 1}
    values |= {} if skill_id is None else {"skill_id": skill_id}
    ended = await session.scalar(query, values) or 0
    found = {CONVERSATIONS: Bounded(min(ended, most), is_whole=ended <= most)}
    if skill_id is None:
        age = About(account_id, (), now=now, days=days)
        for name in OF_AGE:
            found[PERSONAL[name].kind] = await rows.count_oldest(session, name, age, most)
    return WouldGo(
        days,
        Counter({kind: one.count for kind, one in found.items()}),
        frozenset(kind for kind, one in found.items() if not one.is_whole),
    )


async def _of_no_conversation(
    session: AsyncSession, account_id: str, days: int | None, now: datetime
) -> Counter[str]:
    if days is None:
        return Counter()
    age = About(account_id, (), now=now, days=days)
    counted = {PERSONAL[name].kind: await rows.count(session, name, age) for name in OF_AGE}
    return Counter(counted)
