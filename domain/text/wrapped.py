"""Unwraps texts that a provider delivers in base64, as happens to some long ones.

Nothing in the webhook marks them. So a body is unwrapped only if all of it is base64, it is longer
than any word people write, and words come out. A key or a token that a consumer texts stays.
"""

import base64
import binascii
import re
import unicodedata

SHORTEST = 60
"""Characters. Ours, as in other products: only long texts are wrapped."""
BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
BREAKS = re.compile(r"[\r\n]+")
UNREADABLE = ("Cc", "Cn", "Co", "Cs")
LONGEST_REST = 3
"""Bytes of a last character that was cut off."""


def unwrapped(body: str) -> str:
    """Return the text in a body, which is the body itself unless it is wrapped."""
    joined = BREAKS.sub("", body.strip())
    if len(joined) < SHORTEST or len(joined) % 4 or not BASE64.fullmatch(joined):
        return body
    try:
        text = _decoded(base64.b64decode(joined, validate=True))
    except (binascii.Error, UnicodeDecodeError):
        return body
    return text if _are_words(text) else body


def _decoded(octets: bytes) -> str:
    """Return the text; its last character may have been cut off. Raises `UnicodeDecodeError`."""
    try:
        return octets.decode()
    except UnicodeDecodeError as error:
        if error.end < len(octets) or len(octets) - error.start > LONGEST_REST:
            raise
        return octets[: error.start].decode()


def _are_words(text: str) -> bool:
    has_blank = any(character.isspace() for character in text.strip())
    letters = sum(unicodedata.category(one)[0] in "LMZ" or one in "\r\n\t" for one in text)
    odd = sum(unicodedata.category(one) in UNREADABLE and one not in "\r\n\t" for one in text)
    return has_blank and not odd and 2 * letters > len(text)
