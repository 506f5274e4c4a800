"""How Alembic runs our migrations: one connection, one lock, short lock waits."""

from alembic import context
from sqlalchemy import Connection, create_engine, text

from database.tables import Table

ONE_AT_A_TIME = 7_316_002
"""Key of the advisory lock that lets only one process migrate."""


def run(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ONE_AT_A_TIME})
    connection.execute(text("SET lock_timeout = '4s'"))
    connection.commit()
    context.configure(connection=connection, target_metadata=Table.metadata)
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ONE_AT_A_TIME})
    connection.commit()


engine = create_engine(context.config.attributes["database_url"])
with engine.connect() as connection:
    run(connection)
engine.dispose()
