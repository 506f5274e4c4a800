"""Which errors say that PostgreSQL is away, and which that it did not carry a statement out.

The SQLSTATE of an error tells them apart, not its class: psycopg's `OperationalError` is a server
that shuts down as well as a query of ours that took too long
(https://www.postgresql.org/docs/current/errcodes-appendix.html).
"""

import psycopg
from sqlalchemy import exc

NOT_DONE = (
    *(exc.OperationalError, exc.InterfaceError, exc.TimeoutError, exc.InternalError),
    *(psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError),
)
"""Whoever repeats their work anyway catches these, of a session and of the driver itself, and does
it again later. Whoever tells somebody that PostgreSQL is away asks `is_away`.
"""

AWAY_CLASSES = ("08", "53", "58")
"""The connection failed; the server has no room (connections, memory, disk); its system failed."""
AWAY_STATES = frozenset(
    {
        "25006",  # it only reads: a standby, until it is promoted
        "25P03",  # it let go of a transaction it heard nothing of
        "57P01",  # it shuts down
        "57P02",  # it crashed
        "57P03",  # it starts, or recovers
        "57P05",  # it let go of an idle connection
    }
)
CUT_SHORT_STATES = frozenset(
    {
        "40001",  # another transaction was first
        "40P01",  # a deadlock
        "55P03",  # a lock was not free in time
        "57014",  # the statement took too long
    }
)


def is_away(error: BaseException) -> bool:
    """Say whether an error means that PostgreSQL cannot be reached, or takes no work."""
    if isinstance(error, exc.TimeoutError):  # of the pool: no connection became free
        return True
    cause = _of_the_driver(error)
    state = state_of(error)
    if state is None:
        # Told by the client alone: it cannot connect, or has lost the connection.
        return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    return state.startswith(AWAY_CLASSES) or state in AWAY_STATES


def is_cut_short(error: BaseException) -> bool:
    """Say whether PostgreSQL gave a statement up that may succeed another time."""
    return state_of(error) in CUT_SHORT_STATES


def state_of(error: BaseException) -> str | None:
    """Return the SQLSTATE of an error; None where the server said nothing."""
    cause = _of_the_driver(error)
    return cause.sqlstate if isinstance(cause, psycopg.Error) else None


def _of_the_driver(error: BaseException) -> BaseException:
    if isinstance(error, exc.DBAPIError) and error.orig is not None:
        return error.orig
    return error
