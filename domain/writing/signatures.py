"""What people sign their replies with: a short line of its own under the text."""

from domain.errors import Invalid
from domain.text.hidden import has_hidden
from domain.writing.placeholders import OURS

LONGEST_SIGNATURE = 60
"""Characters. Ours: a name and what somebody is, in less than half a segment."""
BLANKS = " \t\n"
BREAKS = frozenset("\n\t\u2028\u2029")


def checked_signature(given: str | None) -> str | None:
    """Return a signature as it is kept, None for none. Raises `Invalid`."""
    signature = (given or "").strip()
    if not signature:
        return None
    is_one_line = not (has_hidden(signature) or BREAKS & set(signature))
    if len(signature) > LONGEST_SIGNATURE or not is_one_line:
        raise Invalid(f"A signature is one line of at most {LONGEST_SIGNATURE} characters.")
    if OURS.search(signature):
        raise Invalid("A signature has no placeholders: it is the same in each text.")
    return signature


def signed(text: str, signature: str | None) -> str:
    """Return a text with its signature on a line of its own.

    A text that ends with it already, and one without words, stays as it is. The page does the same
    (signed in web/workspace/static/workspace/composer).
    """
    words = text.rstrip(BLANKS)
    if not words or not signature or _bears(words, signature):
        return text
    return f"{words}\n{signature}"


def _bears(words: str, signature: str) -> bool:
    before = words.removesuffix(signature)
    return before != words and (not before or before[-1] in BLANKS)
