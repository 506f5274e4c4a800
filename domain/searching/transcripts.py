"""Words of whole transcripts: where each stands, and what a search asks of them.

Words keep their places, so that a phrase in quotes is found as it stands. Stems have none: they
answer to other forms of a word, which are not what somebody quotes.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.searching.excerpts import answers
from domain.searching.stems import begins, stem_of, stems_of
from domain.searching.words import MOST_SOUGHT, Sought, placed, quoted_in, sought_in, words_of

APART = 10
"""Places between two texts: no phrase reaches from one into the next."""
LAST_PLACE = 16_383
"""PostgreSQL counts no further. What comes after that is found by its words."""
MOST_PLACES = 255
"""Of one word, as PostgreSQL keeps them."""
MOST_WORDS = 5_000
"""Of one transcript. Ours: what a few hundred texts have."""
QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]')


@dataclass(frozen=True)
class TranscriptWords:
    """What a transcript is found by: words with their places, and stems that are no words of it."""

    words: Mapping[str, Sequence[int]]
    stems: Collection[str]


@dataclass(frozen=True)
class Asked:
    """What a search asks of a transcript, all of it.

    `words`: each with the stems by which other forms of it are found. `phrases`: of words that
    stand one after the other.
    """

    words: Sequence[tuple[Sought, Sequence[str]]] = ()
    phrases: Sequence[Sequence[Sought]] = ()
    languages: Sequence[str] = ()
    """Those of the stems."""

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is asked, as of a search for signs alone."""
        return not self.words and not self.phrases

    def finds(self, word: str) -> bool:
        """Say whether a word as it stands in a text was asked for, in any form."""
        if (known := self._known.get(word)) is None:
            known = self._known[word] = self._finds(word)
        return known

    @cached_property
    def _known(self) -> dict[str, bool]:
        """Words that were looked at: people use the same ones again and again."""
        return {}

    def _finds(self, word: str) -> bool:
        stored = words_of(word)
        if any(answers(stored, one) for one in self._exact):
            return True
        forms = {form for one in stored for form in stems_of(one, self.languages)}
        return not self._stems.isdisjoint(forms) or any(
            word.startswith(stem) for word in stored for stem in self._stems if begins(stem)
        )

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(stem for _, forms in self.words for stem in forms)

    @cached_property
    def _exact(self) -> list[Sought]:
        return [one for one, _ in self.words] + [one for phrase in self.phrases for one in phrase]


def transcript_words(texts: Iterable[str], language: str | None) -> TranscriptWords:
    """Return what a transcript is found by. `language`: that of its stems, if it is known."""
    places: dict[str, list[int]] = {}
    at = 1
    for text in texts:
        for words in placed(text):
            for word in words:
                its = places.setdefault(word, []) if len(places) < MOST_WORDS else places.get(word)
                if its is not None and len(its) < MOST_PLACES and (at <= LAST_PLACE or not its):
                    its.append(min(at, LAST_PLACE))
            at += 1
        at += APART
    stems = {stem_of(word, language) for word in places} - places.keys() if language else set()
    return TranscriptWords(places, stems)


def asked_in(query: str, languages: Sequence[str]) -> Asked:
    """Return what a search asks, by the stems of some languages. The first twelve words count."""
    phrases: list[list[Sought]] = []
    room = MOST_SOUGHT
    for quoted in QUOTED.findall(query):
        if words := quoted_in(quoted)[:room]:
            phrases.append(words)
            room -= len(words)
    loose = sought_in(QUOTED.sub(" ", query))[:room]
    stemmed = [(one, stems_of(one.word, languages)) for one in loose]
    return Asked(stemmed, phrases, languages)
