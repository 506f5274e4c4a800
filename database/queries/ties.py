"""Which namespace of Temporal the database belongs to: one row, made when it is first needed."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import psycopg

from database.direct import Direct
from database.pooler import without_marks
from database.schema import CONNECT_SECONDS

READ = b"SELECT id, namespace FROM installation"
MAKE = b"INSERT INTO installation DEFAULT VALUES ON CONFLICT DO NOTHING"
TIE = b"UPDATE installation SET namespace = %(namespace)s WHERE namespace IS NULL"
MOVE = b"""
    INSERT INTO installation (id, namespace) VALUES (%(id)s, %(namespace)s)
    ON CONFLICT (is_here) DO UPDATE SET id = excluded.id, namespace = excluded.namespace
"""
RUNNING = b"SELECT count(*) FROM process WHERE seen_at > now() - %(silence)s"


class ForeignNamespace(Exception):
    """Database and namespace do not belong together. Its text says so, and what to do."""


@dataclass(frozen=True)
class Tie:
    """The installation's id, and the namespace it belongs to; None before it is tied."""

    id: UUID
    namespace: str | None


def require_name(tie: Tie | None, namespace: str) -> None:
    """Raise `ForeignNamespace` if the database belongs to a namespace of another name."""
    if tie is None or tie.namespace in (None, namespace):
        return
    raise ForeignNamespace(
        f"This database belongs to Temporal's namespace {tie.namespace}, but TEMPORAL_NAMESPACE "
        f"names {namespace}: set it to {tie.namespace}, or, to move on purpose, stop all processes "
        f"and run `switchboard adopt-namespace {namespace}`."
    )


async def read(direct: Direct) -> Tie | None:
    """Return the tie; None when nothing ever asked for an id."""
    row = await direct.fetch_one(READ, {})
    return Tie(*row) if row else None


def read_now(database_url: str) -> Tie | None:
    """Return the tie by a connection of its own, for a process that is starting."""
    address = without_marks(database_url)
    with psycopg.connect(address, connect_timeout=CONNECT_SECONDS) as connection:
        row = connection.execute(READ).fetchone()
    return Tie(*row) if row else None


async def made(direct: Direct) -> Tie:
    """Return the tie; whoever comes first gives the installation its id."""
    await direct.fetch_one(MAKE, {})
    return await _there(direct)


async def tied(direct: Direct, namespace: str) -> Tie:
    """Tie to a namespace unless there is one already; return what holds then."""
    await direct.fetch_one(TIE, {"namespace": namespace})
    return await _there(direct)


async def moved(direct: Direct, tie: Tie) -> None:
    """Let the database belong to another namespace, under another id."""
    await direct.fetch_one(MOVE, {"id": tie.id, "namespace": tie.namespace})


async def count_running(direct: Direct, silence: timedelta) -> int:
    """Return how many processes of this database were heard within so long."""
    row = await direct.fetch_one(RUNNING, {"silence": silence})
    return int(row[0]) if row else 0


async def _there(direct: Direct) -> Tie:
    tie = await read(direct)
    if tie is None:
        raise AssertionError("the row was made, and is never deleted")
    return tie
