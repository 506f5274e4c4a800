"""Pages of other systems beside a conversation: addresses with places for what is known.

The host is fixed when the template is saved. Values only come after it, percent-encoded, so that
nothing a consumer is called can lead to another host or end a part of the address.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

import idna

from domain.errors import Invalid

LONGEST_TEMPLATE: Final = 2000
MOST_PANELS: Final = 10
"""Panels of an account. Ours: more do not fit beside a conversation."""
PLACE: Final = re.compile(r"\{([^{}]*)\}")
WHOLE: Final = re.compile(r"https://([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.ASCII | re.DOTALL)
LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
PORT: Final = re.compile(r"[1-9]\d{0,4}", re.ASCII)
SOURCE: Final = re.compile(r"https://[a-z0-9.-]{1,253}(:[1-9]\d{0,4})?", re.ASCII)
LONGEST_HOST: Final = 253
HTTPS: Final = 443
HIGHEST_PORT: Final = 65535
ENDS: Final = re.compile(r"(?i)0x[0-9a-f]*|\d+")
"""Last labels that make browsers read a name as an IPv4 address.
https://url.spec.whatwg.org/#ends-in-a-number-checker
"""


@dataclass(frozen=True)
class PanelTemplate:
    """The address of a panel. `origin`: scheme and host as a browser writes them."""

    origin: str
    path: str
    query: str
    fragment: str

    @property
    def places(self) -> tuple[str, ...]:
        """Return the names of its places, each once."""
        return tuple(dict.fromkeys(PLACE.findall(self.path + self.query)))

    def filled(self, values: Mapping[str, str]) -> "FilledPanel":
        """Return the address for a consumer. An empty place in its path leads nowhere."""
        missing = tuple(
            name for name in dict.fromkeys(PLACE.findall(self.path)) if not values.get(name)
        )
        path = _written(self.path, values)
        if missing or any(_leads_elsewhere(part) for part in path.split("/")):
            return FilledPanel(None, missing or tuple(dict.fromkeys(PLACE.findall(self.path))))
        return FilledPanel(f"{self.origin}{path}{_written(self.query, values)}{self.fragment}", ())


@dataclass(frozen=True)
class FilledPanel:
    """A panel's address; without one, the names of the places that have no usable value."""

    url: str | None
    missing: tuple[str, ...]


def panel_template(written: str, known: Iterable[str] | None = None) -> PanelTemplate:
    """Read a template. `known`: the names of places it may have; None: any. Raises `Invalid`."""
    text = written.strip()
    if len(text) > LONGEST_TEMPLATE:
        raise Invalid(f"The address has more than {LONGEST_TEMPLATE:,} characters.")
    found = WHOLE.fullmatch(text)
    if found is None:
        raise Invalid("The address of a panel begins with https://.")
    authority, path, query, fragment = (part or "" for part in found.groups())
    if "{" in authority or "}" in authority:
        raise Invalid("The host is always the same: places come after it.")
    if "{" in fragment or "}" in fragment:
        raise Invalid("Places come before #, in the path or behind the question mark.")
    _check_characters(path + query + fragment)
    template = PanelTemplate(_origin(authority), path or "/", query, fragment)
    _check_dots(template.path)
    if known is not None:
        _check_places(template, set(known))
    return template


def frame_sources(origins: Iterable[str]) -> str:
    """Return the hosts of panels for `frame-src` of a page's policy; 'none' without any.

    Each is checked again, because a blank or a semicolon would add rules of its own.
    """
    fit = sorted({origin for origin in origins if SOURCE.fullmatch(origin)})
    return " ".join(fit) or "'none'"


def _check_characters(rest: str) -> None:
    plain = PLACE.sub("", rest)
    if "{" in plain or "}" in plain:
        raise Invalid("A place is written as a word in braces, such as {number}.")
    if not plain.isascii() or any(one <= " " or one in '\\<>"^`|\x7f' for one in plain):
        raise Invalid("The address holds a blank or another character that it may not hold.")


def _check_dots(path: str) -> None:
    if any(_leads_elsewhere(part) for part in path.split("/")):
        raise Invalid("The address may hold no part that is only dots.")


def _check_places(template: PanelTemplate, known: set[str]) -> None:
    for name in template.places:
        if name not in known:
            names = ", ".join(f"{{{one}}}" for one in sorted(known))
            raise Invalid(f"{{{name}}} is not known. There are {names}.")


def _origin(authority: str) -> str:
    """Return the origin of a host, with its port where it is not the usual one."""
    if "@" in authority:
        raise Invalid("The address may hold no user name and no password.")
    name, _, port = authority.partition(":")
    if ":" in authority and (not PORT.fullmatch(port) or int(port) > HIGHEST_PORT):
        raise Invalid("The address names a port that cannot exist.")
    host = _host(name)
    return f"https://{host}" if port in ("", str(HTTPS)) else f"https://{host}:{port}"


def _host(written: str) -> str:
    try:
        name = written.lower() if written.isascii() else idna.encode(written, uts46=True).decode()
    except idna.IDNAError:
        raise Invalid("The host's name cannot exist.") from None
    labels = name.split(".")
    is_name = len(name) <= LONGEST_HOST and all(LABEL.fullmatch(label) for label in labels)
    if not is_name or len(labels) == 1 or ENDS.fullmatch(labels[-1]):
        raise Invalid("The address names no host such as crm.example.com.")
    return name


def _leads_elsewhere(part: str) -> bool:
    """Say whether browsers take a part of a path for the folder itself or the one above."""
    return unquote(part) in (".", "..")


def _written(text: str, values: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: quote(values.get(place[1], ""), safe=""), text)
