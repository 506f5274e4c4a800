"""How Alembic runs our migrations: one connection, one lock, short lock waits."""

import time

from alembic import context
from sqlalchemy import Connection, create_engine, text

from database.migrate import ONE_AT_A_TIME
from database.tables import Table

PAUSE_SECONDS = 0.2


def run(connection: Connection) -> None:
    _wait_for_others(connection)
    connection.execute(text("SET lock_timeout = '4s'"))
    connection.commit()
    context.configure(connection=connection, target_metadata=Table.metadata)
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ONE_AT_A_TIME})
    connection.commit()


def _wait_for_others(connection: Connection) -> None:
    """Wait outside of a transaction: an index made concurrently would wait for that one's end."""
    attempt = text("SELECT pg_try_advisory_lock(:key)")
    while not connection.scalar(attempt, {"key": ONE_AT_A_TIME}):
        connection.rollback()
        time.sleep(PAUSE_SECONDS)


engine = create_engine(context.config.attributes["database_url"])
with engine.connect() as connection:
    run(connection)
engine.dispose()
