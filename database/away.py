"""Tells errors of an unreachable PostgreSQL from those of a statement it did not carry out.

The SQLSTATE tells them apart. The class does not: psycopg raises `OperationalError` for a server
that shuts down as well as for a query of ours that took too long
(https://www.postgresql.org/docs/current/errcodes-appendix.html).
"""

import psycopg
from sqlalchemy import exc

NOT_DONE = (
    *(exc.OperationalError, exc.InterfaceError, exc.TimeoutError, exc.InternalError),
    *(psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError),
)
"""The errors of sessions and of the driver. Code that retries its work anyway catches these. Code
that reports PostgreSQL as unreachable checks `is_away`.
"""

AWAY_CLASSES = ("08", "53", "58")
"""The connection failed; the server has no room (connections, memory, disk); its system failed."""
READ_ONLY = "25006"
"""A standby that was not promoted yet, or one that was told to take no writes."""
AWAY_STATES = frozenset(
    {
        READ_ONLY,
        "25P03",  # idle-in-transaction time-out
        "57P01",  # shutting down
        "57P02",  # crashed
        "57P03",  # starting or recovering
        "57P05",  # idle-session time-out
    }
)
TOO_LONG = "57014"
"""Statement time-out."""
CUT_SHORT_STATES = frozenset(
    {
        "40001",  # serialization failure
        "40P01",  # deadlock
        "55P03",  # lock time-out
        TOO_LONG,
    }
)


def is_away(error: BaseException) -> bool:
    """Say whether an error means that PostgreSQL cannot be reached or accepts no work."""
    if isinstance(error, exc.TimeoutError):  # of the pool: no connection became free
        return True
    cause = _of_the_driver(error)
    state = state_of(error)
    if state is None:
        # The client itself raised it: it cannot connect, or has lost the connection.
        return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    return state.startswith(AWAY_CLASSES) or state in AWAY_STATES


def is_cut_short(error: BaseException) -> bool:
    """Say whether PostgreSQL aborted a statement that may succeed when repeated."""
    return state_of(error) in CUT_SHORT_STATES


def is_read_only(error: BaseException) -> bool:
    """Say whether PostgreSQL refused a statement because it takes no writes."""
    return state_of(error) == READ_ONLY


def reason_of(error: BaseException) -> str | None:
    """Return in one line why PostgreSQL cannot be reached, as the driver or the server says.

    None: the error is of something else, or says nothing of use.
    """
    cause = _of_the_driver(error)
    if not isinstance(cause, psycopg.Error) or not is_away(error):
        return None
    return " ".join(str(cause).split()) or None


def state_of(error: BaseException) -> str | None:
    """Return the SQLSTATE of an error; None when the server sent none."""
    cause = _of_the_driver(error)
    return cause.sqlstate if isinstance(cause, psycopg.Error) else None


def _of_the_driver(error: BaseException) -> BaseException:
    if isinstance(error, exc.DBAPIError) and error.orig is not None:
        return error.orig
    return error
