"""Sources: ads, posters and pages whose consumers text a line, and the links that they show."""

import unicodedata

from domain.errors import Invalid
from domain.origins.first_text import LONGEST
from domain.text.folding import fold

LONGEST_KEYWORD = 30
"""Characters. Ours: people type it from a poster."""
DIALLED = "0123456789+"
UNRESERVED = "-._~"
"""Characters besides letters and digits that stand in an address as they are (RFC 3986, 2.3)."""


def folded_keyword(keyword: str) -> str:
    """Return a keyword as it is compared. Raises `Invalid` if it could never match."""
    word = fold(keyword) if len(keyword) <= LONGEST_KEYWORD else ""
    if not word or " " in word:
        raise Invalid(
            f"A keyword is one word of letters and digits, at most {LONGEST_KEYWORD} characters."
        )
    return word


def whole_first_text(keyword: str, first_text: str) -> str:
    """Return a first text with the keyword in front, as a phone is to send it.

    `keyword`: as people write it, or empty. Raises `Invalid` for a text that nobody could send or
    that could not be recognised.
    """
    text = " ".join(first_text.split())
    begins = fold(text).split(" ")[:1]
    if keyword and begins != [fold(keyword)]:
        text = f"{keyword} {text}".strip()
    if not fold(text):
        raise Invalid("The first text has no letters or digits. Without a keyword it needs some.")
    if len(text) > LONGEST:
        raise Invalid(f"The first text is longer than {LONGEST} characters, keyword included.")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise Invalid("The first text has characters that cannot be sent.")
    return text


def without_keyword(keyword: str, first_text: str) -> str:
    """Return a first text without the keyword in front. `keyword`: folded, or empty."""
    first, _, rest = first_text.strip().partition(" ")
    return rest if keyword and fold(first) == keyword else first_text


def sms_link(address: str, text: str) -> str:
    """Return the link that opens a phone's messages, with the line and the text filled in.

    RFC 5724 has `sms:+15550100?body=Hello`. iPhones look for `&body=` and others for `?`: an empty
    first field serves both. Everything but letters and digits of ASCII is percent-encoded UTF-8.
    """
    dialled = "".join(character for character in address if character in DIALLED)
    return f"sms:{dialled}?&body={_encoded(text)}"


def _encoded(text: str) -> str:
    return "".join(map(_encoded_character, text))


def _encoded_character(character: str) -> str:
    if character.isascii() and (character.isalnum() or character in UNRESERVED):
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode())
