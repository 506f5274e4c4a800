"""Reactions: the texts that phones write where the other side's app cannot show a tapback.

`Liked “See you then”` (iMessage), `👍 to “See you then”` (Google Messages, Samsung), and what they
write when the reaction is taken away or is to a picture. A question mark as a reaction is none,
because it asks.
"""

import re

from domain.courtesies.reaction_words import LEADS, OF_EMOJI, PICTURES, TAILS
from domain.survey.symbols import is_symbol
from domain.text.folding import fold

OPENING, CLOSING = '“„«"‟‹”', '”“»"›'
NAMED = re.compile('[„“"»]Gefällt mir( nicht)?[“”"«]', re.IGNORECASE)
"""The name of the reaction, which German phones quote behind the text."""
ASKING = "❓❔⁉?？؟"
LONGEST_LEAD = 60
"""Characters before the quotation. Ours: the longest known form has half as many."""


def is_reaction(text: str) -> bool:
    """Say whether a phone wrote a text for a reaction, and the text says nothing else."""
    text = NAMED.sub("gefällt mir", text)
    start = _first_of(text[:LONGEST_LEAD], OPENING)
    if start is None:
        return len(text) <= LONGEST_LEAD and _is_of_picture(text)
    end = max(text.rfind(sign) for sign in CLOSING)
    tail = text[end + 1 :] if end > start else ""
    if text[start] in text[start + 1 : max(end, start + 1)]:
        return False  # two quotations are a person's
    if len(tail) > LONGEST_LEAD or (end <= start and not text.endswith("…")):
        return False
    return _leads(text[:start]) and _ends(tail)


def _leads(text: str) -> bool:
    lead, has_emoji = _spoken(text)
    return lead is not None and (lead in LEADS or (has_emoji and lead in OF_EMOJI))


def _ends(text: str) -> bool:
    tail, _ = _spoken(text)
    return tail is not None and tail in TAILS


def _is_of_picture(text: str) -> bool:
    said, has_emoji = _spoken(text)
    if said is None:
        return False
    picture = next((one for one in PICTURES if said.endswith(f" {one}")), None)
    if picture is None:
        return False
    lead = said.removesuffix(picture).strip()
    return lead in LEADS or (has_emoji and bool(lead) and lead in OF_EMOJI)


def _spoken(text: str) -> tuple[str | None, bool]:
    """Return the folded words beside emoji, and whether there are emoji. None: it asks."""
    if any(sign in ASKING for sign in text):
        return None, False
    return fold(text), any(map(is_symbol, text))


def _first_of(text: str, signs: str) -> int | None:
    found = [at for sign in signs if (at := text.find(sign)) >= 0]
    return min(found, default=None)
