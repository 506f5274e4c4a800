"""Keeps the API from running on a database that belongs to another namespace of Temporal.

It asks the database alone, so that it can start while Temporal is away.
"""

import os
import sys
import threading
import time
from typing import NoReturn

import psycopg
import structlog

from database.queries import ties
from database.queries.ties import ForeignNamespace, require_name
from temporal.connection import configured_namespace

PAUSE_SECONDS = 5.0
"""Between two looks, while no worker has tied the database, or PostgreSQL is away. Ours."""
FOREIGN = 2
"""The exit code of a process whose database belongs to another namespace."""

log = structlog.stdlib.get_logger()


def watch_namespace(database_url: str) -> None:
    """Print a sentence and exit with 2 if the database belongs to another namespace.

    While that is not known, the process may serve; it ends if it turns out so.
    """
    if not is_tied(database_url):
        threading.Thread(target=_watch, args=[database_url], daemon=True).start()


def is_tied(database_url: str) -> bool:
    """Say whether the database is known to belong to the configured namespace.

    Prints a sentence and raises `SystemExit` with 2 if it belongs to another.
    """
    try:
        tie = ties.read_now(database_url)
        require_name(tie, configured_namespace())
    except psycopg.Error:  # it is away, or was away before, and proves not to be migrated
        log.warning("namespace_not_checked")
        return False
    except ForeignNamespace as error:
        refuse(error)
    return tie is not None and tie.namespace is not None


def refuse(error: ForeignNamespace) -> NoReturn:
    """Print why, and raise `SystemExit`."""
    sys.stderr.write(f"{error}\n")
    raise SystemExit(FOREIGN) from None


def _watch(database_url: str) -> None:
    try:
        while not is_tied(database_url):
            time.sleep(PAUSE_SECONDS)
    except SystemExit:  # a thread cannot end its process in any other way
        sys.stderr.flush()
        os._exit(FOREIGN)
