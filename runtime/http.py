"""The client by which a process asks providers and other services."""

import httpx2

IDLE_SECONDS = 1.0
"""How long a connection is kept for the next request. Ours: below the 2 s after which Gunicorn, the
shortest of common servers, closes it, with room for a busy process. A request that meets its end
may have arrived, so nobody could say whether its text left.
https://docs.gunicorn.org/en/stable/settings.html#keepalive
"""
AT_ONCE, KEPT = 100, 20
"""Connections, and how many of them may be idle, as httpx has them."""


def create_http() -> httpx2.AsyncClient:
    """Return a client that does not use a connection which its server may be closing."""
    limits = httpx2.Limits(
        max_connections=AT_ONCE, max_keepalive_connections=KEPT, keepalive_expiry=IDLE_SECONDS
    )
    return httpx2.AsyncClient(limits=limits)
