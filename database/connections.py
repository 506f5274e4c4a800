"""Connections with a time limit on every wait (ADR 0016).

The network to PostgreSQL can fail silently. TCP only notices missing acknowledgements, and a proxy
may acknowledge what it does not pass on. So the wait for each answer has a limit. A connection that
reached the limit is closed and never used again. Its statement may still have been carried out, so
all our statements can be repeated safely.
"""

import asyncio
import select
from typing import Any, Self

import psycopg
from psycopg import waiting
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, make_url

from database.erasing.suppression import SETTING
from database.pooler import KEYS, OURS, POOLER, is_pooler

CONNECT_SECONDS = 5.0
PING_SECONDS = 3.0
ANSWER_SECONDS = 10.0
"""Seconds to wait for an answer. Longer than the server's statement time-out, so that usually the
server reports what took too long.
"""
STATEMENT_TIMEOUT_MS = 8_000
LOCK_TIMEOUT_MS = 5_000
IDLE_IN_TRANSACTION_MS = 10_000
"""After this time without a statement, the server ends a transaction and frees its locks."""
CLIENT_CHECK_MS = 2_000
LOOK_UP_SECONDS = 0.5
"""How often a waiting connection checks its limit, in seconds."""

CLIENT_SETTINGS = {
    "connect_timeout": f"{CONNECT_SECONDS:.0f}",
    "tcp_user_timeout": f"{ANSWER_SECONDS * 1000:.0f}",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
}
SERVER_SETTINGS = {
    "statement_timeout": STATEMENT_TIMEOUT_MS,
    "lock_timeout": LOCK_TIMEOUT_MS,
    "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_MS,
    "client_connection_check_interval": CLIENT_CHECK_MS,
    "tcp_keepalives_idle": 5,
    "tcp_keepalives_interval": 2,
    "tcp_keepalives_count": 3,
    "timezone": "UTC",
    "jit": "off",
}
"""Compiling a query to machine code takes longer than all of ours run."""
ROLE_SETTINGS = {
    name: value for name, value in SERVER_SETTINGS.items() if not name.startswith("tcp_")
}
"""Those that a role brings instead where a pooler stands between: its connections are its own."""


class Connection(psycopg.AsyncConnection[tuple[Any, ...]]):
    """A psycopg connection that stops waiting for an answer after some seconds."""

    was_used = False
    answer_seconds: float | None = None
    """Instead of `ANSWER_SECONDS`: see `database.patience`."""

    @property
    def has_news(self) -> bool:
        """Say whether an idle connection is readable: it was closed, or soon will be."""
        poll = select.poll()
        poll.register(self.pgconn.socket, select.POLLIN)
        return bool(poll.poll(0))

    async def wait(
        self, gen: PQGen[RV], interval: float = LOOK_UP_SECONDS, timeout: float | None = None
    ) -> RV:
        """Wait for an answer. `timeout`: for listeners, to whom silence is normal.

        Raises `psycopg.OperationalError` and closes the connection when no answer comes. Also
        closes it when the waiting task is cancelled.
        """
        limit = self.answer_seconds or ANSWER_SECONDS
        try:
            async with asyncio.timeout(limit if timeout is None else None):
                return await waiting.wait_async(
                    gen, self.pgconn.socket, interval=interval, timeout=timeout
                )
        except TimeoutError:
            self.pgconn.finish()
            raise psycopg.OperationalError("the server did not answer in time") from None
        except BaseException:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # it is in the middle of a statement, so it cannot be reused
            raise

    async def answers(self) -> bool:
        """Say whether the server still answers; assumed for a connection that was never used."""
        if not self.was_used:
            self.was_used = True
            return True
        try:
            async with asyncio.timeout(PING_SECONDS):
                was_autocommit = self.autocommit
                await self.set_autocommit(True)
                await self.execute("", prepare=False)
                await self.set_autocommit(was_autocommit)
        except (psycopg.Error, TimeoutError):
            return False
        return True

    @classmethod
    async def connect(cls, conninfo: str = "", **settings: Any) -> Self:
        """Connect as libpq's settings say. Raises `psycopg.OperationalError`, also when late."""
        if POOLER in settings:
            settings["prepare_threshold"] = None  # the next statement is on another connection
        for name in OURS:
            settings.pop(name, None)
        try:
            async with asyncio.timeout(CONNECT_SECONDS + 1):  # looking up a name has no limit
                return await super().connect(conninfo, **settings)
        except TimeoutError:
            raise psycopg.OperationalError("no connection in time") from None


def driver_url(database_url: str) -> URL:
    """Return a PostgreSQL address for the driver we use, psycopg 3."""
    return make_url(database_url).set(drivername="postgresql+psycopg")


def limited_url(database_url: str, name: str, suppression_keys: str = "") -> URL:
    """Return an address with all our limits; `name` appears in PostgreSQL's own views.

    `suppression_keys`: of `database.erasing.suppression`.

    A pooler refuses settings of a session. The role brings the limits then (`database.limits`), and
    each transaction the keys.
    """
    if is_pooler(database_url):
        kept = {"application_name": name, KEYS: suppression_keys, **CLIENT_SETTINGS}
        return driver_url(database_url).update_query_dict(kept)
    wanted: dict[str, object] = {**SERVER_SETTINGS}
    if suppression_keys:
        wanted[SETTING] = suppression_keys
    options = " ".join(f"-c {setting}={value}" for setting, value in wanted.items())
    settings = {"application_name": name, "options": options, **CLIENT_SETTINGS}
    return driver_url(database_url).update_query_dict(settings)


def settings_of(url: URL) -> dict[str, Any]:
    """Return an address as the driver's connection settings."""
    return {**url.translate_connect_args(username="user", database="dbname"), **url.query}
