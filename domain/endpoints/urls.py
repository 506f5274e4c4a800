"""Addresses of customers' programs that we post to: endpoints' and bots'.

What a name leads to is checked when a connection is made (`media.addresses`); here is refused what
can be seen in the address itself, so that whoever enters it is told at once.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import idna

from domain.errors import DomainError

LONGEST = 2000
"""Characters. Ours: what browsers and proxies pass on."""
PUBLIC_PORTS = frozenset({443, 8443})
"""Ports of a receiver on the internet. Ours: those that HTTPS is commonly served at."""
LOCAL_NAMES = frozenset({"localhost", "local", "internal", "lan", "arpa"})
"""Top-level domains of one machine and of private networks (RFC 6761, 6762, 8375)."""


class UrlRefused(DomainError):
    code = "url_refused"
    status = 422
    sentence = "This address cannot receive posts."


@dataclass(frozen=True)
class ReceiverUrl:
    """An address to post to. `host`: in ASCII, with the brackets of IPv6 removed."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query, as sent."""

    @property
    def authority(self) -> str:
        """Return host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def receiver_url(written: str, *, has_own_networks: bool = False) -> ReceiverUrl:
    """Read an address. Raises `UrlRefused` with what is wrong with it.

    `has_own_networks`: the installation allows private networks, so http, any port and names
    without a dot are possible. Where they lead is checked at each connection.
    """
    parts = _split(written.strip())
    if parts.username is not None or parts.password is not None:
        raise UrlRefused("The address must hold no user name and no password.")
    if parts.fragment:
        raise UrlRefused("The address must not contain #.")
    url = ReceiverUrl(parts.scheme, _host(parts), _port(parts), _target(parts))
    if not has_own_networks:
        _refuse_private(url)
    return url


def _split(written: str) -> SplitResult:
    if len(written) > LONGEST:
        raise UrlRefused(f"The address has more than {LONGEST:,} characters.")
    if any(ord(char) <= ord(" ") or char in '\\<>"^`{|}\x7f' for char in written):
        raise UrlRefused("The address holds a space or another character that it may not hold.")
    try:
        parts = urlsplit(written)
    except ValueError:
        raise UrlRefused("This is not the address of a web server.") from None
    if parts.scheme not in ("https", "http"):
        raise UrlRefused("The address must begin with https://.")
    return parts


def _host(parts: SplitResult) -> str:
    """Return the host in ASCII: an address, or a name as DNS has it."""
    name = (parts.hostname or "").rstrip(".")
    if not name:
        raise UrlRefused("The address names no host.")
    try:
        return str(ip_address(name))
    except ValueError:
        pass
    if _looks_like_a_number(name.rpartition(".")[2]):
        raise UrlRefused("The host is neither a name nor an IP address in its usual form.")
    try:
        return name.lower() if name.isascii() else idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        raise UrlRefused("The host's name cannot exist.") from None


def _looks_like_a_number(label: str) -> bool:
    """Say whether systems may read a name as an IPv4 address, as in 127.1 or 0x7f000001.

    https://url.spec.whatwg.org/#ends-in-a-number-checker
    """
    return label.isdigit() or label.lower().startswith("0x")


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        raise UrlRefused("The address names a port that cannot exist.") from None
    if port == 0:
        raise UrlRefused("The address names a port that cannot exist.")
    return port or {"https": 443, "http": 80}[parts.scheme]


def _target(parts: SplitResult) -> str:
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    if not target.isascii():
        raise UrlRefused("Write the part after the host with %-escapes: it may only hold ASCII.")
    return target


def _refuse_private(url: ReceiverUrl) -> None:
    if url.scheme != "https":
        raise UrlRefused("The address must begin with https://.")
    if url.port not in PUBLIC_PORTS:
        ports = " or ".join(str(port) for port in sorted(PUBLIC_PORTS))
        raise UrlRefused(f"The port must be {ports}.")
    if _is_private(url.host):
        raise UrlRefused("The address is inside a private network, which is not allowed here.")


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.rpartition(".")[2] in LOCAL_NAMES
