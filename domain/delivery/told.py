"""Words of a provider, as they are kept: without what nobody may read in them."""

import re

from domain.numbers.shortened import shortened

ADDRESS = re.compile(r"(https?://)(?:[^\s/?#@]{0,200}@)?([^\s/?#]+)([/?#]\S*)?", re.IGNORECASE)
QUERY = re.compile(r"([?&][\w.~-]{1,60}=)[^\s&\"'<>]+")
LOG_IN = re.compile(r"\b(Basic|Bearer)\s{1,9}[\w.~+/=-]{6,}", re.IGNORECASE)


def harmless(words: str) -> str:
    """Return words with phone numbers cut to four digits, and addresses to their hosts.

    A path or a query may hold a key: those of receipts and of pictures do. Log-ins are left out.
    """
    without = ADDRESS.sub(lambda found: f"{found[1]}{found[2]}{'/…' if found[3] else ''}", words)
    return shortened(LOG_IN.sub(r"\1 …", QUERY.sub(r"\1…", without)))
