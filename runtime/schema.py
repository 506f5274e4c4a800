"""Keeps a process from running on a database whose schema does not fit its code."""

import os
import sys
import threading
import time

import psycopg
import structlog

from database import schema
from database.away import reason_of
from database.schema import SchemaUnfit

PAUSE_SECONDS = 2.0
"""Between two attempts to read the schema, while PostgreSQL does not answer. Ours."""
UNFIT = 2
"""The exit code of a process that does not fit."""

log = structlog.stdlib.get_logger()


def await_fit(database_url: str) -> None:
    """Return once the schema was read and fits; wait while PostgreSQL is away.

    Prints a sentence and exits with 2 if it does not fit.
    """
    while not fits(database_url):
        time.sleep(PAUSE_SECONDS)


def watch_fit(database_url: str) -> None:
    """Do the same without waiting: a process may serve while PostgreSQL is away.

    Should the schema turn out later not to fit, the process ends then.
    """
    if not fits(database_url):
        threading.Thread(target=_watch, args=[database_url], daemon=True).start()


def fits(database_url: str) -> bool:
    """Say whether the schema was read and fits; False when PostgreSQL is away.

    Prints a sentence and raises `SystemExit` with 2 if it does not fit.
    """
    try:
        schema.check(schema.read(database_url))
    except psycopg.OperationalError as error:
        log.warning("schema_not_checked", reason=reason_of(error))
        return False
    except SchemaUnfit as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(UNFIT) from None
    return True


def _watch(database_url: str) -> None:
    try:
        time.sleep(PAUSE_SECONDS)
        await_fit(database_url)
    except SystemExit:  # a thread cannot end its process in any other way
        sys.stderr.flush()
        os._exit(UNFIT)
