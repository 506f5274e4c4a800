"""What a command says whose database or Temporal is away, or does not fit it.

Commands that have more to say then catch such errors themselves.
"""

import logging
import sys
from collections.abc import Callable
from contextlib import ExitStack

import psycopg
import structlog
from sqlalchemy import exc

from cli.absence import sentence_for
from database import away, schema
from database.queries.ties import ForeignNamespace
from database.schema import SchemaUnfit
from domain.errors import Unavailable
from runtime.configuration import load_database_settings
from temporal.telemetry import silence

LACKING = frozenset({"42P01", "42703", "42883"})
"""A table, a column or a function is not there."""


def quieten() -> Callable[[], None]:
    """Leave standard output to what a command says, and standard error without libraries' words.

    Returns what undoes it for who goes on after the command.
    """
    root, undone = logging.getLogger(), ExitStack()
    if not root.handlers:
        root.addHandler(logging.NullHandler())
    undone.enter_context(silence())
    if not structlog.is_configured():
        structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
        undone.callback(structlog.reset_defaults)
    return undone.close


def sentence_of(error: Exception) -> str | None:
    """Return what an error means for whoever runs the command; None for a bug."""
    if isinstance(error, SchemaUnfit | ForeignNamespace):
        return str(error)
    if isinstance(error, exc.ProgrammingError | psycopg.ProgrammingError):
        return _of_schema() if away.state_of(error) in LACKING else None
    if isinstance(error, Unavailable | TimeoutError) or away.is_away(error):
        return sentence_for(error)
    return sentence_for(error) if away.is_cut_short(error) else None


def _of_schema() -> str | None:
    """Return why a database lacks something: it was not migrated, or by a newer version."""
    try:
        schema.check(schema.read(load_database_settings().session_url))
    except SchemaUnfit as error:
        return str(error)
    return None
