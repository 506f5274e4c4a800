"""Recognises that a consumer wants no more texts although the text is not a keyword.

Such a wish opts nobody out. It is shown to the agent, who can. For keywords see
`domain.consent.keywords`.
"""

import re
from collections.abc import Iterator

from domain.consent.keywords import (
    LONGEST,
    NO_OWN,
    OwnWords,
    Vocabulary,
    is_plain_stop,
    is_stop_of_other_things,
    said_in,
    vocabulary,
)
from domain.consent.wish_patterns import OF_A_CLAUSE, OTHERWISE, STEM, STEMS, WISHES
from domain.text.folding import fold

QUOTED = re.compile(r"[“„«\"][^“”„«»\"]{12,}[”“»\"]")
"""Quoted words, such as those a tapback repeats ("Liked “Reply STOP to opt out”")."""
CLAUSE_END = re.compile(r"[.,;:!?\n]+")
SIGNED = re.compile(r"([^-–—]{1,60})\s[-–—]{1,2}\s?[^\W\d_]{1,20}(?: [^\W\d_]{1,20})?\.?")
FILLERS = frozenset(
    {
        *("just", "it", "this", "already", "i", "said", "told", "you", "to", "make", "no", "ok"),
        *("okay", "so", "then", "bro", "man", "dude", "fucking", "damn", "everything", "means"),
        *("mal", "endlich", "alles", "das", "damit", "doch", "tout", "ca", "cela", "todo", "tudo"),
        *("tutto", "non", "nein", "again", "always", "would", "will", "can", "could", "wanna"),
        *(
            "nah",
            "nope",
            "no",
            "but",
            "thanks",
            "who",
            "is",
            "whos",
            "well",
            "yes",
            "yeah",
            "sorry",
        ),
    }
)
"""Words that may stand around an impatient STOP: "just stop it already"."""
LONGEST_OUTCRY = 6
"""Words of the longest such text. Ours: longer ones are about something else."""


def wants_no_more(text: str, own: OwnWords = NO_OWN) -> bool:
    """Say whether a text that is not a keyword asks for no more texts."""
    text = QUOTED.sub(" ", text[:LONGEST]).replace("#", " number ")[:LONGEST]
    folded, known = fold(text), vocabulary(own)
    if not STEMS.isdisjoint(word[:STEM] for word in folded.split()):
        if OTHERWISE.search(folded):
            return False
        if WISHES.search(folded) or any(map(OF_A_CLAUSE.search, _clauses(text))):
            return True
    parts = (*_telling_parts(text), *_before_a_name(text))
    if any(is_plain_stop(said_in(part), known) for part in parts):
        return True
    said = said_in(text)
    return is_stop_of_other_things(said, known) or _is_outcry(said, known)


def _clauses(text: str) -> list[str]:
    parts = [fold(part) for part in CLAUSE_END.split(text)]
    return parts if len(parts) > 1 else []


def _telling_parts(text: str) -> Iterator[str]:
    """Yield the first line of several and the last clause, where people put a STOP."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        yield lines[0]
    clauses = [part for part in CLAUSE_END.split(text) if part.strip()]
    if len(clauses) > 1:
        yield clauses[-1]


def _before_a_name(text: str) -> Iterator[str]:
    """Yield what stands before a dash and a name: "STOP - Bob"."""
    if found := SIGNED.fullmatch(text.strip()):
        yield found[1]


def _is_outcry(said: tuple[str, ...], known: Vocabulary) -> bool:
    if len(said) > LONGEST_OUTCRY:
        return False
    plain = [word for word in said if word not in FILLERS]
    return len(plain) < len(said) and is_plain_stop(plain, known)
