"""How Alembic runs our migrations: one connection, one lock, short lock waits, one by one."""

import time
from collections.abc import Collection, Mapping
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection, Engine, create_engine, text

from database.migrate import ONE_AT_A_TIME
from database.schema import LOOKING, comment_at
from database.tables import Table

PAUSE_SECONDS = 0.2
UNHURRIED = "-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0"
"""A migration takes its time, also where its role's statements may not."""
HALF_MADE = text("""
    SELECT format('%I.%I', nspname, relname)
    FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE NOT indisvalid AND relkind = 'i' AND nspname = 'public' AND indexrelid NOT IN (
        SELECT index_relid FROM pg_stat_progress_create_index WHERE index_relid IS NOT NULL
    )
""")
"""Indexes whose making was interrupted, and that nobody is making now."""


def run(engine: Engine, connection: Connection) -> None:
    _wait_for_others(connection)
    _drop_half_made(engine)
    connection.execute(text("SET lock_timeout = '4s'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        # Each stands when it is done: what comes after a failure begins where it failed.
        transaction_per_migration=True,
        on_version_apply=_note,
    )
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


def _drop_half_made(engine: Engine) -> None:
    """Drop indexes that an interrupted migration left: they cost every write, and answer nothing.

    Its migration was not noted as done, so it makes them again.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as apart:
        for name in apart.scalars(HALF_MADE).all():
            apart.execute(text(f"DROP INDEX CONCURRENTLY IF EXISTS {name}"))


def _note(
    ctx: MigrationContext,
    step: MigrationInfo,
    heads: Collection[Any],  # noqa: ARG001 - as Alembic calls it
    run_args: Mapping[str, Any],  # noqa: ARG001
) -> None:
    """Note the oldest code that works with the schema, in the migration's own transaction."""
    at = max(step.destination_revision_ids, default=None)
    comment = comment_at(at)
    written = "NULL" if comment is None else f"'{comment}'"
    ctx.impl.execute(f"COMMENT ON TABLE alembic_version IS {written}")


def show() -> None:
    """Write the statements instead of running them: nothing is connected to."""
    context.configure(
        dialect_name="postgresql",
        target_metadata=Table.metadata,
        literal_binds=True,
        transaction_per_migration=True,
        on_version_apply=_note,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    show()
else:
    engine = create_engine(
        context.config.attributes["database_url"],
        connect_args={"options": UNHURRIED, "application_name": LOOKING},
    )
    try:
        with engine.connect() as connection:
            run(engine, connection)
    finally:  # also after a failure: the lock ends with its connection
        engine.dispose()
