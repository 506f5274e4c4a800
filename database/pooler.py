"""Addresses of a pooler in transaction mode, such as PgBouncer (ADR 0047).

Behind one, each transaction may run on another of PostgreSQL's connections. So nothing is prepared,
nothing is set for a session, and nobody listens. The address itself says so, because it comes to
everything that connects.
"""

from sqlalchemy import URL, make_url

POOLER, KEYS = "switchboard_pooler", "switchboard_keys"
"""Parts of an address that only `database.connections` reads: they never reach a server."""
OURS = (POOLER, KEYS)


def is_pooler(database_url: str | URL) -> bool:
    """Say whether an address was marked."""
    return POOLER in make_url(database_url).query


def keys_in(url: URL) -> str:
    """Return the keys of erased numbers that each transaction behind a pooler brings, if any."""
    return str(url.query.get(KEYS, ""))


def without_marks(database_url: str) -> str:
    """Return an address as PostgreSQL's own programs understand it."""
    bare = make_url(database_url).difference_update_query(OURS)
    return bare.render_as_string(hide_password=False)
