"""Log-in names: e-mail addresses in lower case (ADR 0017), and names that people read."""

import re

from domain.errors import Invalid
from domain.text.hidden import is_one_line, is_seen

LONGEST_EMAIL = 254
"""RFC 5321 allows no longer address (4.5.3.1.3: 256 octets with the angle brackets)."""
_ADDRESS = re.compile(r"^[!-?A-~]+@[A-Za-z0-9.-]+$")
EMAIL = _ADDRESS.pattern
LONGEST_NAME = 80
"""Ours: a name that fits on a page and into a text."""


def log_in_name(email: str) -> str:
    """Return an e-mail address as a log-in name. Raises `Invalid` for anything else."""
    name = email.strip()
    if len(name) > LONGEST_EMAIL or not _ADDRESS.fullmatch(name):
        raise Invalid("This is not an e-mail address. Write one such as ann@acme.example.")
    return name.lower()


def shown_name(name: str) -> str:
    """Return a name as it is shown. Raises `Invalid` if nobody sees it, or it is no line."""
    shown = name.strip()
    if len(shown) > LONGEST_NAME or not is_one_line(shown) or not is_seen(shown):
        raise Invalid(f"A name is one line of 1 to {LONGEST_NAME} characters.")
    return shown
