"""Public addresses: files are fetched from nowhere else, whatever a name says at that moment.

A name is resolved once, its addresses are checked, and the connection goes to the checked address.
So a name that is given another address in between leads nowhere new.
"""

import asyncio
import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpcore2

TRIED = 3
"""Addresses of one name that are tried. Ours."""

IN_USE = ip_network("2000::/3")
"""All of IPv6 that is given out to networks of the internet. What is outside stands for an IPv4
address, for a site of old, or for nothing yet.
https://www.iana.org/assignments/ipv6-address-space/
"""
NOT_ITSELF = (
    ip_network("2002::/16"),
    ip_network("2001::/23"),
    ip_network("3fff::/20"),
    ip_network("192.88.99.0/24"),
)
"""Networks within whose addresses stand for an IPv4 address (6to4 and its relays, Teredo), or for
examples.
"""


class AddressRefused(Exception):
    """A name leads into a private network, to this machine, or nowhere in public."""


def is_public(address: str) -> bool:
    """Say whether an address is reachable for everybody on the internet, and means only itself."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found not in IN_USE:
            return False
    if any(found in network for network in NOT_ITSELF):
        return False
    return found.is_global and not found.is_multicast


async def public_addresses(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name. Raises `AddressRefused` if any of them is not public.

    Raises `OSError` when the name is unknown.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    if not addresses or not all(is_public(address) for address in addresses):
        raise AddressRefused
    return addresses[:TRIED]


class PublicOnly(httpcore2.AsyncNetworkBackend):
    """Connects to public addresses only. Raises `AddressRefused`."""

    def __init__(self) -> None:
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to a checked address of a name; TLS still asks for the name's certificate."""
        try:
            addresses = await public_addresses(host, port)
        except OSError as error:
            raise httpcore2.ConnectError(type(error).__name__) from error
        for address in addresses[:-1]:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._network.connect_tcp(
            addresses[-1], port, timeout, local_address, socket_options
        )

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
