"""Recognises names and addresses that nobody outside reaches."""

from ipaddress import ip_address
from socket import inet_aton


def is_local(host: str) -> bool:
    """Say whether a host is one that nobody outside reaches, in any way to write its address."""
    name = host.rstrip(".").lower()
    if not name or name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ip_address(name.partition("%")[0]).is_global
    except ValueError:
        pass
    try:  # as in 127.1, 2130706433 or 0x7f.0.0.1
        return not ip_address(inet_aton(name)).is_global
    except OSError:
        return False
