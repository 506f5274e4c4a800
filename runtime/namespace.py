"""Keeps the API from running on a database and a Temporal namespace that do not belong together.

It starts while either is away, and looks again until both have said whose they are.
"""

import asyncio
import os
import sys
import threading
import time
from typing import NoReturn

import psycopg
import structlog
from temporalio.service import RPCError

from database.queries import ties
from database.queries.ties import ForeignNamespace, require_name
from temporal.codec import Cipher
from temporal.connection import configured_namespace, connect
from temporal.marks import read_mark
from temporal.ownership import require_mark

PAUSE_SECONDS = 5.0
"""Between two looks, while no worker has tied both, or one of them is away. Ours."""
MARK_SECONDS = 3.0
"""How long a look waits for Temporal: it delays the start of an API. Ours."""
FOREIGN = 2
"""The exit code of a process whose database and namespace do not belong together."""

log = structlog.stdlib.get_logger()


def watch_namespace(database_url: str, cipher: Cipher) -> None:
    """Print a sentence and exit with 2 if database and namespace do not belong together.

    While that is not known, the process may serve; it ends if it turns out so.
    """
    if not is_tied(database_url, cipher):
        threading.Thread(target=_watch, args=[database_url, cipher], daemon=True).start()


def is_tied(database_url: str, cipher: Cipher) -> bool:
    """Say whether database and namespace are known to belong together.

    Prints a sentence and raises `SystemExit` with 2 if either belongs to another.
    """
    # The mark first: a worker that makes both now makes the installation's id before it.
    found, namespace = asyncio.run(_mark(cipher)), configured_namespace()
    try:
        tie = ties.read_now(database_url)
        require_name(tie, namespace)
        require_mark(tie, found, namespace)
    except psycopg.Error:  # it is away, or was away before, and proves not to be migrated
        log.warning("namespace_not_checked")
        return False
    except ForeignNamespace as error:
        refuse(error)
    return bool(found and tie and tie.namespace)


async def _mark(cipher: Cipher) -> str | None:
    """Return whose mark the namespace bears, if it bears one and Temporal answers."""
    try:
        async with asyncio.timeout(MARK_SECONDS):
            return await read_mark(await connect(cipher))
    # The SDK has no error of its own for a server that does not answer.
    except (RPCError, RuntimeError, TimeoutError):
        log.warning("namespace_not_checked")
        return None


def refuse(error: ForeignNamespace) -> NoReturn:
    """Print why, and raise `SystemExit`."""
    sys.stderr.write(f"{error}\n")
    raise SystemExit(FOREIGN) from None


def _watch(database_url: str, cipher: Cipher) -> None:
    try:
        while not is_tied(database_url, cipher):
            time.sleep(PAUSE_SECONDS)
    except SystemExit:  # a thread cannot end its process in any other way
        sys.stderr.flush()
        os._exit(FOREIGN)
