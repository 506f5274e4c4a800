"""Limits of a context, and which addresses its link may have."""

from collections.abc import Mapping
from typing import Final

from domain.errors import Invalid
from domain.origins.origin import Context

LONGEST: Final[Mapping[str, int]] = {"reason": 200, "reference": 100, "note": 2000, "link": 2000}
"""Characters of each part. Ours: a line, a number, half a page, and the addresses that browsers and
systems deal in.
"""
SCHEMES = ("http", "https")


def checked(context: Context) -> Context:
    """Return the context without blanks around its parts. Raises `Invalid`."""
    parts = {name: str(getattr(context, name)).strip() for name in LONGEST}
    for name, text in parts.items():
        if len(text) > LONGEST[name]:
            raise Invalid(f"The {name} is longer than {LONGEST[name]} characters.")
        if "\0" in text:
            raise Invalid(f"The {name} may not contain the character NUL.")
    if parts["link"] and not is_address(parts["link"]):
        raise Invalid("The link is no address that begins with http:// or https://.")
    return Context(**parts)


def is_address(link: str) -> bool:
    """Say whether a link leads to a page: other addresses, such as scripts, are not followed."""
    scheme, _, rest = link.partition("://")
    is_plain = link.isprintable() and not any(character.isspace() for character in link)
    return is_plain and scheme.lower() in SCHEMES and rest[:1].isalnum()
