"""What a database that was restored to an earlier time must forget before anybody works with it.

docs/operations.md, "After a restore", has the same statements; a test holds them together.
"""

import psycopg

from database.schema import CONNECT_SECONDS, LOOKING

STATEMENTS = (
    "UPDATE message SET maybe_sent_since = coalesce(maybe_sent_since, written_at) "
    "WHERE status = 'queued'",
    "UPDATE batch SET maybe_sent_since = coalesce(maybe_sent_since, started_at, created_at) "
    "WHERE ended_at IS NULL",
    "UPDATE phone_call SET maybe_sent_since = coalesce(maybe_sent_since, began_at) "
    "WHERE message_id IS NULL AND (text_due_at IS NOT NULL OR ended_at IS NULL)",
    "INSERT INTO restore (restored_at, back_to) "
    "SELECT now(), coalesce((SELECT at FROM event ORDER BY id DESC LIMIT 1), min(created_at)) "
    "- interval '1 hour' FROM line HAVING count(*) > 0",
    "DELETE FROM session",
    "DELETE FROM person_link",
    "DELETE FROM set_up_link",
    "DELETE FROM recovery_code",
    "DELETE FROM operator",
    "UPDATE api_token SET revoked_at = now() WHERE revoked_at IS NULL",
)
"""Texts that may have left are marked, also those that a batch or a call has yet to write: its
workflow, restored as well, knows no more than the rows. What conversations write from then on is
marked as it is written, if what it answers came before the restore (ADR 0049). Log-ins, links,
tokens and recovery codes end.
"""


def forget(database_url: str) -> None:
    """Do so, all or nothing; twice does no harm."""
    with psycopg.connect(
        database_url, connect_timeout=CONNECT_SECONDS, application_name=LOOKING
    ) as connection:
        for statement in STATEMENTS:
            connection.execute(statement)
