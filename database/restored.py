"""What a database that was restored to an earlier time must forget before anybody works with it.

docs/operations.md, "After a restore", has the same statements; a test holds them together.
"""

import psycopg

from database.schema import CONNECT_SECONDS, LOOKING

STATEMENTS = (
    "UPDATE message SET maybe_sent_since = written_at WHERE status = 'queued'",
    "DELETE FROM session",
    "DELETE FROM person_link",
    "DELETE FROM set_up_link",
    "DELETE FROM recovery_code",
    "DELETE FROM operator",
    "UPDATE api_token SET revoked_at = now() WHERE revoked_at IS NULL",
)
"""Texts that may have left are marked; log-ins, links, tokens and recovery codes end."""


def forget(database_url: str) -> None:
    """Do so, all or nothing; twice does no harm."""
    with psycopg.connect(
        database_url, connect_timeout=CONNECT_SECONDS, application_name=LOOKING
    ) as connection:
        for statement in STATEMENTS:
            connection.execute(statement)
