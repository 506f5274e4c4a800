"""Ports on the loopback address: finding free ones, and probing them."""

import socket
from http.client import HTTPConnection, HTTPException

from embedded.errors import EmbeddedError

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """Return a free port, chosen by the operating system."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Say whether a server could listen here."""
    # macOS allows listening beside a server that listens on all addresses.
    if accepts_connections(port):
        return False
    with socket.socket() as probe:
        # As servers do themselves, so that connections lingering after a stop do not matter.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def require_free(port: int, *, used_for: str, option: str) -> None:
    """Raise `EmbeddedError` naming the port and the option that changes it."""
    if not is_free(port):
        raise EmbeddedError(
            f"Port {port}, needed for {used_for}, is in use by another program: stop it, "
            f"or choose another port with {option}."
        )


def accepts_connections(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


def says_ill(port: int | None) -> bool:
    """Say whether a process asks for a restart. A process that does not answer may be busy."""
    if port is None:
        return False
    connection = HTTPConnection(LOOPBACK, port, timeout=1)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 503
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
