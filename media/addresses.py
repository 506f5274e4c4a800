"""Public addresses: files are fetched from nowhere else, whatever a name says at that moment.

A name is resolved once, its addresses are checked, and the connection goes to the checked address.
So a name that is given another address in between leads nowhere new.
"""

import asyncio
import socket
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

import httpcore2

ASKED_AT_ONCE = 256
"""Names that are asked for at once. Ours: in threads apart from the loop's few, because a name
server that does not answer holds each for some ten seconds. More than the endpoints and bots that
are posted to at once, so that the names of some hold up none of the others.
"""
TRIED = 3
"""Addresses of one name that are tried. Ours."""

Network = IPv4Network | IPv6Network

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


def is_within(address: str, networks: Collection[Network]) -> bool:
    """Say whether an address is in one of some networks."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in networks)


def addresses_of(host: str, port: int) -> Sequence[str]:
    """Return all addresses of a name. Blocks. Raises `OSError` when it is unknown."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that is empty or too long
        raise OSError("no such name") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class PublicOnly(httpcore2.AsyncNetworkBackend):
    """Connects to public addresses only. Raises `AddressRefused`.

    `allowed`: private networks of the installation that may be reached besides, at any port.
    `ports`: those that public addresses may be reached at, empty for none; `None`: all.
    """

    def __init__(
        self, allowed: Collection[Network] = (), ports: Collection[int] | None = None
    ) -> None:
        self._network = httpcore2.AnyIOBackend()
        self._asking = ThreadPoolExecutor(ASKED_AT_ONCE, thread_name_prefix="names")
        self._asked: dict[tuple[str, int], asyncio.Future[Sequence[str]]] = {}
        self._allowed = allowed
        self._ports = ports

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
            addresses = await self._checked(host, port)
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

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of a name to try. One that is refused refuses the name."""
        addresses = await self._addresses(host, port)
        if not addresses or not all(self._is_open(address, port) for address in addresses):
            raise AddressRefused
        return addresses[:TRIED]

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        """Ask for a name, once for all who wait for it: one name never takes all the threads."""
        asked = self._asked.get((host, port))
        if asked is None:
            loop = asyncio.get_running_loop()
            asked = loop.run_in_executor(self._asking, addresses_of, host, port)
            self._asked[host, port] = asked
            asked.add_done_callback(partial(self._answered, (host, port)))
        return await asyncio.shield(asked)  # whoever waits no longer leaves it to the others

    def _answered(self, name: tuple[str, int], asked: asyncio.Future[Sequence[str]]) -> None:
        del self._asked[name]
        if not asked.cancelled():
            asked.exception()  # nobody may be waiting any more

    def _is_open(self, address: str, port: int) -> bool:
        if is_within(address, self._allowed):
            return True
        return is_public(address) and (self._ports is None or port in self._ports)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
