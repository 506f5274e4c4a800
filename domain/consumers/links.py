"""Addresses of web pages that people keep about a consumer."""

from typing import Final
from urllib.parse import urlsplit

from domain.errors import Invalid

LONGEST_LINK: Final = 2000
"""Characters. Ours: what browsers and systems deal in."""
SCHEMES: Final = ("http", "https")
NOT_IN_ADDRESSES: Final = '\\<>"^`{|}'


def web_link(written: str) -> str:
    """Return the address of a web page. Raises `Invalid`.

    Other schemes run scripts or open programs. A user name would hide which host follows: browsers
    show `https://bank.example@evil.example` and open the latter.
    """
    link = written.strip()
    if len(link) > LONGEST_LINK:
        raise Invalid(f"A link has at most {LONGEST_LINK:,} characters.")
    if not link.isprintable() or any(one.isspace() or one in NOT_IN_ADDRESSES for one in link):
        raise Invalid("The link holds a blank or another character that it may not hold.")
    try:
        parts = urlsplit(link)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        raise Invalid("This is not the address of a web page.") from None
    if parts.scheme not in SCHEMES or not link.lower().startswith(f"{parts.scheme}://"):
        raise Invalid("A link begins with https:// or http://.")
    if "@" in parts.netloc:
        raise Invalid("A link may hold no user name and no password.")
    if not host:
        raise Invalid("The link names no host.")
    return link
