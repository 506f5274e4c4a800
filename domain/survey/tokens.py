"""A consumer's text as words, and where they pause."""

import re
import unicodedata
from dataclasses import dataclass

from domain.survey.symbols import KEYCAP_TEN

NOT_WHOLE = "notawholenumber"
"""Stands for what has digits but is no score: `4.5`, `4:30`, `-4`."""
OF_SOMETHING = "percent"
"""Stands for signs of percent and money: a number beside them counts something."""

# Possessive, and only from a number's first digit on: a text of digits is read once.
FRACTION = re.compile(r"(?<!\d)\d++(?:[.,:]\d++)+|(?<!\w)[-−–]\d+")
SLASH = re.compile(r"(?<=\d)\s*[/⁄]\s*(?=\d)")
QUESTION_MARKS = "?？؟"
SIGN = re.compile(r"[%°€$£¥]")


@dataclass(frozen=True)
class Token:
    """A folded word. `pauses`: punctuation, an emoji or the end follows it."""

    word: str
    pauses: bool

    @property
    def number(self) -> int | None:
        """The number its digits write, in any script; cut after six of them."""
        digits = [unicodedata.digit(character, None) for character in self.word[:6]]
        known = [digit for digit in digits if digit is not None]
        if not known or len(known) != len(digits) or not _all_digits(self.word):
            return None
        return int("".join(map(str, known)))


def tokens_of(text: str) -> list[Token]:
    """Return the words of a text, folded as by `fold`, but with hyphens between them."""
    text = unicodedata.normalize("NFKC", text.replace(KEYCAP_TEN, " 10 "))
    text = FRACTION.sub(f" {NOT_WHOLE} ", SLASH.sub(" of ", text))
    text = SIGN.sub(f" {OF_SOMETHING} ", text)
    marked = "".join(map(_marked, unicodedata.normalize("NFKD", text).casefold()))
    pieces = [*marked.split(), "|"]
    return [
        Token(piece, pieces[place + 1] == "|")
        for place, piece in enumerate(pieces[:-1])
        if piece != "|"
    ]


def asks(text: str) -> bool:
    """Say whether a text has a question mark, of any script."""
    return any(mark in text for mark in QUESTION_MARKS)


def _marked(character: str) -> str:
    """Return a letter or digit as it is, a pause as `|`, and nothing for what marks a letter."""
    category = unicodedata.category(character)
    if category[0] in "LN":
        return character
    if character in "'’" or category == "Cf" or category[0] == "M":
        return ""
    return " " if character in " \t" else " | "


def _all_digits(word: str) -> bool:
    return all(unicodedata.digit(character, None) is not None for character in word)
