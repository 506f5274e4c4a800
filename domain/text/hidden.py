"""Characters that nobody sees and that change what others see: controls, and marks of direction.

Joiners and the plain marks of one direction (U+200E, U+200F, U+061C) stay: scripts need them.
"""

import re

# The page's script has the same (web/static/hidden.js).
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Controls besides tab and new line, and embeddings, overrides and isolates of direction, such as
U+202E, which shows all that follows backwards.
"""


def has_hidden(text: str) -> bool:
    """Say whether a text holds a character that nobody sees."""
    return HIDDEN.search(text) is not None
