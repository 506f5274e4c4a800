"""Which errors say that PostgreSQL is away, and not that a statement of ours is wrong."""

import psycopg
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, TimeoutError

AWAY = (
    *(OperationalError, InterfaceError, TimeoutError, InternalError),
    *(psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError),
)
"""No connection, none free, a lock or the time limit exceeded, a server that only reads: of a
session, and of the driver itself.
"""
