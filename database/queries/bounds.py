"""How much one person, one line and an account text: counted by one statement for all processes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct

# What is refused counts nowhere: whoever is at their own bound must not use up the line's and the
# account's. Requests at the same moment may count a little too much, and never too little.
COUNT = b"""
    WITH bounds AS (
        SELECT bound.* FROM account, LATERAL (VALUES
            ('agent/minute ' || %(agent_id)s::text, %(minute)s::timestamptz, agent_texts_a_minute),
            ('agent/day ' || %(agent_id)s::text, %(day)s::timestamptz, agent_texts_a_day),
            ('line/minute ' || %(line_id)s::text, %(minute)s::timestamptz, line_texts_a_minute),
            ('line/day ' || %(line_id)s::text, %(day)s::timestamptz, line_texts_a_day),
            ('account/minute ' || account.id, %(minute)s::timestamptz, account_texts_a_minute),
            ('account/day ' || account.id, %(day)s::timestamptz, account_texts_a_day)
        ) AS bound (what, began_at, most)
        WHERE account.id = %(account_id)s AND bound.most IS NOT NULL AND bound.what IS NOT NULL
          AND bound.began_at IS NOT NULL
        ORDER BY bound.what
    ), reached AS (
        SELECT what, coalesce(known.texts, 0) + %(texts)s::integer AS texts
        FROM bounds LEFT JOIN text_count AS known USING (what, began_at)
        WHERE coalesce(known.texts, 0) + %(texts)s::integer > most
    ), counted AS (
        INSERT INTO text_count AS known (what, began_at, texts)
        SELECT what, began_at, %(texts)s::integer FROM bounds
        WHERE NOT EXISTS (SELECT FROM reached) ORDER BY what
        ON CONFLICT (what, began_at) DO UPDATE SET texts = known.texts + excluded.texts
        RETURNING what, texts
    )
    SELECT split_part(what, ' ', 1), one.texts, most
    FROM (SELECT * FROM counted UNION ALL SELECT * FROM reached) AS one JOIN bounds USING (what)
"""
TYPE = re.compile(r"%\((\w+)\)s(?:::(\w+))?")
COUNT_WITHIN = sql(TYPE.sub(lambda at: f"CAST(:{at[1]} AS {at[2] or 'text'})", COUNT.decode()))
HIT = b"""
    INSERT INTO bound_hit (line_id, last_at) VALUES (%(line_id)s, %(now)s)
    ON CONFLICT (line_id) DO UPDATE SET last_at = excluded.last_at RETURNING line_id
"""
FORGET = b"DELETE FROM text_count WHERE began_at < %(before)s RETURNING what"


@dataclass(frozen=True)
class Counted:
    """How many texts there are with this one. `bound`: such as agent/minute."""

    bound: str
    texts: int
    most: int


@dataclass(frozen=True)
class Counting:
    """Texts that are to be counted: whose, and how many. `agent_id`: None for a program alone.

    `at_once`: they leave now. What leaves by and by counts for the day, not for the minute.
    """

    account_id: str
    line_id: str
    agent_id: str | None
    texts: int = 1
    at_once: bool = True


async def count(direct: Direct, what: Counting, now: datetime) -> Sequence[Counted]:
    """Count texts, and return how many there are by each bound that the account has.

    None is counted if one bound would be passed; then only those bounds are returned.
    """
    values = _values(what, now)
    return [Counted(*row) for row in await direct.fetch_all(COUNT, values)]


async def count_within(session: AsyncSession, what: Counting, now: datetime) -> Sequence[Counted]:
    """Count texts in a transaction, as `count` does."""
    values = _values(what, now)
    return [Counted(*row) for row in await session.execute(COUNT_WITHIN, values)]


def _values(what: Counting, now: datetime) -> dict[str, object]:
    return {
        "account_id": what.account_id,
        "line_id": what.line_id,
        "agent_id": what.agent_id,
        "texts": what.texts,
        "minute": now.replace(second=0, microsecond=0) if what.at_once else None,
        "day": now.replace(hour=0, minute=0, second=0, microsecond=0),
    }


async def hit(direct: Direct, line_id: str, now: datetime) -> None:
    """Keep that a bound was reached on a line, so that managers are alerted."""
    await direct.fetch_one(HIT, {"line_id": line_id, "now": now})


async def forget(direct: Direct, before: datetime) -> None:
    """Forget old counts."""
    await direct.fetch_all(FORGET, {"before": before})
