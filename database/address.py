"""What is wrong with an address of PostgreSQL, as far as it can be known without its server."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from database.connections import settings_of
from database.pooler import OURS

NOWHERE = {"host": "/nowhere", "hostaddr": "", "port": "5432", "password": "none"}
"""A socket that nobody has: the options of an address are judged before anybody is called."""


def fault_of(database_url: str) -> str | None:
    """Return in one line what is wrong with an address; None: nothing is, or only its server knows.

    The driver's library judges the options: it refuses those it does not know before it looks for
    the server. What it says names an option, and has no password.
    """
    try:
        url = make_url(database_url).difference_update_query(OURS)
        settings = {**settings_of(url), **NOWHERE}
        told = _said(settings)
    except (ArgumentError, ValueError):  # the message may quote the address
        return "it cannot be read as the address of one server"
    except psycopg.ProgrammingError as error:
        return _line(str(error))
    return None if told == _said(NOWHERE) else _line(told)


def _said(settings: Mapping[str, Any]) -> str:
    """Return why it does not connect. Raises `psycopg.ProgrammingError` for unknown options."""
    connection = PGconn.connect_start(make_conninfo(**settings).encode())
    told = connection.get_error_message()
    connection.finish()
    return told


def _line(told: str) -> str:
    return " ".join(told.split())
