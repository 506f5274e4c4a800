"""What is kept no longer: conversations, found some at a time, and counted beforehand."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.erasing import rows
from database.erasing.rows import About
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
WOULD_GO = sql(f"""
    SELECT count(*) {ENDED}
      AND conversation.closed_at < :now - make_interval(days => CASE
          WHEN CAST(:skill_id AS text) IS NULL
              THEN coalesce(skill.retention_days, CAST(:days AS integer))
          WHEN conversation.skill_id = :skill_id
              THEN coalesce(CAST(:days AS integer), account.retention_days)
          ELSE coalesce(skill.retention_days, account.retention_days)
      END)
""")


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
    session: AsyncSession, account_id: str, skill_id: str | None, days: int | None, now: datetime
) -> Counter[str]:
    """Count what would lose its content if an account, or a skill, kept things for so many days.

    What is of no conversation is kept as the account says, whatever a skill does.
    """
    values = {"account_id": account_id, "skill_id": skill_id, "days": days, "now": now}
    ended = Counter({CONVERSATIONS: await session.scalar(WOULD_GO, values) or 0})
    if skill_id is not None:
        return ended
    return ended + await _of_no_conversation(session, account_id, days, now)


async def _of_no_conversation(
    session: AsyncSession, account_id: str, days: int | None, now: datetime
) -> Counter[str]:
    if days is None:
        return Counter()
    age = About(account_id, (), now=now, days=days)
    counted = {PERSONAL[name].kind: await rows.count(session, name, age) for name in OF_AGE}
    return Counter(counted)
