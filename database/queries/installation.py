"""What an operator checks of an installation: its connections, its sealed secrets."""

from collections.abc import Sequence
from dataclasses import dataclass

from database.direct import Direct
from database.queries.operating.processes import SILENT_AFTER

CONNECTIONS = b"""
    SELECT current_setting('max_connections')::int
            - current_setting('superuser_reserved_connections')::int,
        (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
        (SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'switchboard%%'
            AND datname = current_database()),
        (SELECT count(*) FROM process WHERE seen_at > now() - %(silence)s)
"""
LOCKS = b"""
    SELECT current_setting('max_locks_per_transaction')::int,
        (SELECT count(*) FROM pg_class
         WHERE relispartition AND relnamespace = 'public'::regnamespace)
"""
SEALED = {
    "secrets": b"""
        SELECT 'connector ' || id, secret FROM connector
        UNION ALL SELECT 'identity provider of ' || account_id, convert_to(secret, 'UTF8')
        FROM identity_provider
    """,
    "secrets/signing": b"""
        SELECT 'endpoint ' || id, secret FROM endpoint
        UNION ALL SELECT 'bot ' || id, secret FROM bot
    """,
    "secrets/one-time-codes": b"""
        SELECT 'one-time codes of ' || id, totp_secret FROM agent WHERE totp_secret IS NOT NULL
    """,
    "secrets/push": b"SELECT 'key of pushes', private_key FROM push_key",
}
"""What is encrypted at rest, by the purpose of its key."""

SUPPRESSED = b"""
    SELECT count(DISTINCT (account_id, number_hash)),
        count(DISTINCT (account_id, number_hash))
            FILTER (WHERE key_mark <> ALL(suppression_hashes('', '')))
    FROM suppression
"""


@dataclass(frozen=True)
class Connections:
    """PostgreSQL's connections: how many it allows, how many are open, how many of them ours.

    `processes`: those of ours that were heard lately.
    """

    most: int
    used: int
    ours: int
    processes: int


@dataclass(frozen=True)
class Locks:
    """How many locks PostgreSQL has room for, for each connection, and what all months need.

    `months`: tables and indexes of all partitions.
    """

    room: int
    months: int


@dataclass(frozen=True)
class Suppressed:
    """Erased numbers whose opt-outs are kept as hashes.

    `unknown`: those whose hash no configured key makes, so that they count as new.
    """

    numbers: int
    unknown: int


@dataclass(frozen=True)
class Sealed:
    """Something encrypted at rest. `purpose`: of the key that it is encrypted with."""

    name: str
    purpose: str
    content: bytes


async def statement_limit(direct: Direct) -> str:
    """Return how long a statement may take, as PostgreSQL says it; `0`: for ever."""
    row = await direct.fetch_one(b"SELECT current_setting('statement_timeout')", {})
    if row is None:
        raise AssertionError("there is always one row")
    return str(row[0])


async def connections(direct: Direct) -> Connections:
    """Return how many connections there are."""
    row = await direct.fetch_one(CONNECTIONS, {"silence": SILENT_AFTER})
    if row is None:
        raise AssertionError("there is always one row")
    return Connections(*row)


async def locks(direct: Direct) -> Locks:
    """Return how many locks there is room for, and how many months need."""
    row = await direct.fetch_one(LOCKS, {})
    if row is None:
        raise AssertionError("there is always one row")
    return Locks(*row)


async def suppressed(direct: Direct) -> Suppressed:
    """Return how many erased numbers are known by hashes. The connection has to bring the keys."""
    row = await direct.fetch_one(SUPPRESSED, {})
    if row is None:
        raise AssertionError("there is always one row")
    return Suppressed(*row)


async def sealed(direct: Direct) -> Sequence[Sealed]:
    """Return everything that is encrypted at rest, of all accounts."""
    return [
        Sealed(name, purpose, bytes(content))
        for purpose, statement in SEALED.items()
        for name, content in await direct.fetch_all(statement, {})
    ]
