"""What people write about a consumer: names, e-mail addresses, notes, without what nobody sees."""

import re
import unicodedata
from typing import Final

from domain.errors import Invalid
from domain.text.hidden import JOINERS, is_seen

LONGEST_NAME: Final = 120
"""Characters. Ours: names of people and companies, with room."""
LONGEST_EMAIL: Final = 254
"""RFC 5321 allows no longer address (4.5.3.1.3: 256 octets with the angle brackets)."""
LONGEST_NOTE: Final = 4000
"""Characters. Ours: about a page."""
UNSEEN: Final = ("Cc", "Cf", "Cs", "Zl", "Zp")
EMAIL: Final = re.compile(r"[^\s@<>,;:\\\"()\[\]]+@[^\s@<>,;:\\\"()\[\]]+\.[^\s@<>,;:\\\"()\[\].]+")


def name_of_consumer(written: str | None) -> str | None:
    """Return a consumer's name as it is kept, None for an empty one. Raises `Invalid`.

    Marks that only steer the direction of text come along when a name is copied, and are dropped.
    """
    if not (written or "").strip():
        return None
    name = one_line(written or "")
    if not is_seen(name):
        raise Invalid("The name has no character that can be seen.")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"The name has {len(name)} characters; {LONGEST_NAME} are allowed.")
    return name


def email_of_consumer(written: str | None) -> str | None:
    """Return a consumer's e-mail address as it is kept, None for an empty one. Raises `Invalid`."""
    email = one_line(written or "")
    if not email:
        return None
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email):
        raise Invalid("This is not an e-mail address. Write one such as mia@acme.example.")
    before, _, host = email.rpartition("@")
    return f"{before}@{host.lower()}"


def note_about_consumer(written: str | None) -> str | None:
    """Return a note as it is kept, None for an empty one. Raises `Invalid`."""
    lines = (written or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    note = "\n".join(_without_unseen(line.replace("\t", " ")).rstrip() for line in lines).strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid(f"The note has {len(note)} characters; {LONGEST_NOTE:,} are allowed.")
    return note if is_seen(note) else None


def one_line(written: str) -> str:
    """Return a text as one line, composed (NFC), with single blanks and nothing invisible."""
    return " ".join(_without_unseen(" ".join(written.split())).split())


def _without_unseen(line: str) -> str:
    composed = unicodedata.normalize("NFC", line)
    return "".join(
        character
        for character in composed
        if character in JOINERS or unicodedata.category(character) not in UNSEEN
    )
