"""All words that the reader knows. A drawn-out `greaaat` counts as known; a name does not."""

from collections.abc import Iterable

from domain.survey.vocabulary import figures, grades, manners, remarks


def _words_of(lists: Iterable[Iterable[str]]) -> frozenset[str]:
    return frozenset(word for each in lists for phrase in each for word in phrase.split())


_LISTS: tuple[Iterable[str], ...] = (
    *(figures.NUMBERS, figures.STARS_AND_POINTS, figures.TAILS, figures.UNITS),
    *(grades.WORDS, grades.PHRASES, grades.ONLY_AFTER_AN_OPENING, grades.BESIDE_A_NUMBER),
    *(grades.VERY, grades.QUITE, grades.NOT, grades.OPENINGS, grades.NOUNS),
    *(manners.THANKS, manners.THANKS_MORE, manners.OKS, manners.GREETINGS, manners.FAREWELLS),
    *(remarks.CONTRASTS, remarks.REASONS, remarks.TRICKY, remarks.ANDS, remarks.NEGATIONS),
    *(remarks.SUBJECTS, remarks.VERBS, remarks.OPINIONS, remarks.SORRY, remarks.QUESTIONS),
    *(remarks.WISHES, remarks.PLEAS, remarks.ALTERNATIVES, remarks.VAGUE),
)
KNOWN = _words_of(_LISTS)
