"""What PostgreSQL's server is: whether it is new enough, and whether it takes writes."""

from dataclasses import dataclass
from typing import Self

import psycopg

from database.direct import Executor
from database.pooler import without_marks
from database.schema import CONNECT_SECONDS, LOOKING, SchemaUnfit

OLDEST = 15
"""The oldest major version with all that we use."""
READ_ONLY = (
    "The database takes no writes: it is a standby, or default_transaction_read_only is on. "
    "Promote it, name the primary, or switch that off."
)
# Of a standby this is on as well, whatever is set.
TAKES_WRITES = b"SELECT current_setting('transaction_read_only') = 'off'"
READ = b"""
    SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version'),
        current_setting('transaction_read_only') = 'off'
"""


@dataclass(frozen=True)
class Server:
    """What a server says about itself. `major`: of its version; `version`: all of it."""

    major: int
    version: str
    takes_writes: bool

    @classmethod
    async def of(cls, fetch_one: Executor) -> Self:
        """Ask a server. Raises the errors of the database."""
        return cls(*(await fetch_one(READ, {}) or ()))

    @property
    def too_old(self) -> str | None:
        """A sentence about a version that lacks what we use; None: it is new enough."""
        if self.major >= OLDEST:
            return None
        return f"PostgreSQL {self.version} is too old: use {OLDEST} or later."

    @property
    def read_only(self) -> str | None:
        """A sentence about a server that takes no writes; None: it takes them."""
        return None if self.takes_writes else READ_ONLY


async def takes_writes(fetch_one: Executor) -> bool:
    """Say whether the database takes writes now. Raises the errors of the database."""
    return await fetch_one(TAKES_WRITES, {}) == (True,)


def require_migratable(database_url: str, *, is_trial: bool) -> None:
    """Raise `SchemaUnfit` if a database cannot be migrated. `is_trial`: nothing is written.

    Also raises `psycopg.OperationalError`.
    """
    with psycopg.connect(
        without_marks(database_url), connect_timeout=CONNECT_SECONDS, application_name=LOOKING
    ) as connection:
        found = Server(*(connection.execute(READ).fetchone() or ()))
    trouble = found.too_old or (None if is_trial else found.read_only)
    if trouble:
        raise SchemaUnfit(trouble)
