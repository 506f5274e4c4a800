"""Splits a consumer's text into the tokens of the grammar: words, numbers, emoji and pauses."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.survey.symbols import EMPTY_STARS, KEYCAP_TEN, SKIN_TONES, STARS, is_symbol
from domain.survey.vocabulary.figures import IDEOGRAPHIC_STARS, IDEOGRAPHS, STARS_AND_POINTS
from domain.survey.vocabulary.known import KNOWN


class Kind(StrEnum):
    word = "word"
    number = "number"
    """A whole number of up to three digits, in any script."""
    figure = "figure"
    """Anything else with digits: `4.5`, `3x`, `4:30`, `€5`, `4711`."""
    symbol = "symbol"
    stars = "stars"
    pause = "pause"


@dataclass(frozen=True, slots=True)
class Token:
    """A token. `text` is folded; for a pause it is the strongest of `?`, `!`, `.` and `,`."""

    kind: Kind
    text: str
    value: int = 0
    """The number, or how many stars there are."""


NEAR, LONG, ODD = "near", "long", "odd"
"""Kinds of figures: close to a score (`4.5`, `1-5`, `-4`), four or more digits, and the rest."""
SLASH = "/"
UNREAD = "…unread"
"""Stands for the unread end of an overlong text."""

# Linear time: the alternatives begin with different characters, and all repeats are possessive.
LEXEME = re.compile(
    r"(?P<number>\d++(?:[.,:'/-]\d++)*+)(?P<unit>[^\W_]*+)"
    r"|(?P<word>[^\W\d_]++(?:'[^\W\d_]++)*+)(?P<mixed>(?:\d[^\W_]*+)?+)"
    r"|(?P<asterisks>\*++)|(?P<other>.)",
    re.DOTALL,
)
ACCENTED = re.compile(r"(?<![\w'’])[àéè](?!\w)", re.IGNORECASE)
SPELLED_OUT = {"à": "at", "é": "is", "è": "is"}
"""Words that are other words without their accent: `à 5` is not `a 5`."""
SUPERSCRIPTS = str.maketrans({sign: f"^{digit}" for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")})
HEART = re.compile(r"<3(?!\d)")
DATED = frozenset("^%°€$£¥₹¢‰§@±≈≤≥<>×+/\\'\"")
"""Signs next to a number that make it something other than a score."""
FAR = DATED - frozenset("/\\'\"+")
"""Signs that do so even with a space between."""
NO_PAUSE = frozenset("#~¿")
STRENGTH = ",.!?"


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a text; spaces only separate them."""
    return _Tokens(_folded(HEART.sub(" ♡ ", text))).read()


def spoken(tokens: Sequence[Token]) -> str:
    """Return the words without pauses, in the form in which scales and phrases are looked up."""
    return " ".join(token.text for token in tokens if token.kind is not Kind.pause)


def _folded(text: str) -> str:
    composed = unicodedata.normalize("NFC", text.replace(KEYCAP_TEN, " 10 "))
    told = ACCENTED.sub(lambda match: SPELLED_OUT[match[0].lower()], composed)
    compatible = unicodedata.normalize("NFKD", told.translate(SUPERSCRIPTS))
    return "".join(map(_plain, compatible.casefold()))


def _plain(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf" or ord(character) in SKIN_TONES:
        return ""
    if category == "Pd" or character == "−":
        return "-"
    return {"⁄": SLASH, "’": "'", "‘": "'", "`": "'", "′": "'", "″": '"'}.get(character, character)


class _Tokens:
    """Reads a folded text once, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: list[Token] = []

    def read(self) -> list[Token]:
        for match in LEXEME.finditer(self._text):
            if match["number"]:
                self._number(match)
            elif match["word"]:
                self._word(match)
            elif match["asterisks"]:
                self._asterisks(match)
            else:
                self._other(match["other"], match.start())
        return self._found

    def _number(self, match: re.Match[str]) -> None:
        body, unit = match["number"], match["unit"]
        before = self._text[max(0, match.start() - 2) : match.start()]
        if before[-1:] in (":", "-") and before[:1] in (":", ";", "", " ") and before.strip("-"):
            self._pause(",")  # The number is part of a face, as in `:3`.
        elif self._is_signed(match, before) or (unit and unit not in STARS_AND_POINTS):
            self._add(Kind.figure, NEAR if before[-1:] == "-" and len(body) < 3 else ODD)
        else:
            self._found.extend(_numbers(body))
            if unit:
                self._add(Kind.word, unit)

    def _is_signed(self, match: re.Match[str], before: str) -> bool:
        """Say whether a sign next to the number makes it an amount or the like."""
        after = self._text[match.end() : match.end() + 2]
        opened, closed = before[-1:], after[:1]
        if closed in ("'", '"') and closed == opened:
            return False
        is_minus = opened in ("-", ".") and not before[:-1].strip()
        is_quoted = opened in ("'", '"')
        is_sign = opened in DATED and opened != "" and not is_quoted
        far = before.strip()[-1:] in FAR and before.strip() != ""
        follows = closed in DATED - {SLASH, "+"} and closed != ""
        after_far = after.strip()[:1] in FAR and after.strip() != ""
        return is_minus or is_sign or far or follows or after_far

    def _word(self, match: re.Match[str]) -> None:
        word = (match["word"] + match["mixed"]).replace("'", "")
        ideograph = IDEOGRAPHS.get(word[0])
        if match["mixed"] and word not in KNOWN:
            self._add(Kind.figure, ODD)
        elif ideograph is not None and word[1:] in ("", *IDEOGRAPHIC_STARS):
            self._add(Kind.number, str(ideograph), ideograph)
            if word[1:]:
                self._add(Kind.word, word[1:])
        else:
            self._add(Kind.word, _squeezed(word))

    def _asterisks(self, match: re.Match[str]) -> None:
        """Read asterisks as stars if they begin the text or follow a number: `***`, `5*`."""
        count, after = len(match[0]), self._text[match.end() : match.end() + 1]
        last = self._found[-1] if self._found else None
        if after.isalnum():
            is_between = self._text[max(0, match.start() - 1) : match.start()].isalnum()
            self._add(Kind.word, "*") if is_between else self._pause(",")
        elif last is None or last.text == "*":
            if last:
                self._found.pop()
                count += last.value
            self._add(Kind.stars, "*", count)
        elif last.kind is Kind.number:
            self._add(Kind.stars, "*" * count, count)

    def _other(self, character: str, index: int) -> None:
        if character in STARS or character in EMPTY_STARS:
            self._star(character)
        elif is_symbol(character):
            self._add(Kind.symbol, character)
        elif character in "\n\r\v\f.":
            self._pause(".")
        elif character in "!¡":
            self._pause("!")
        elif character in "?؟":
            self._pause("?")
        elif self._is_joint(character, index):
            return
        elif character == SLASH and self._is_ratio(index):
            self._add(Kind.word, SLASH)
        elif not character.isspace() and character not in NO_PAUSE:
            self._sign(character, index)

    def _sign(self, character: str, index: int) -> None:
        if character == "+" and not self._text[index + 1 : index + 3].strip("+ "):
            return
        last = self._found[-1].kind if self._found else None
        if character == "&":
            self._add(Kind.word, "and")
        elif character == "=" and last is Kind.number:
            self._add(Kind.word, character)
        elif (
            unicodedata.category(character)[0] == "P" and character not in "@%"
        ) or character in "|=<>":
            self._pause(",")
        elif character.isprintable():
            self._add(Kind.word, character)

    def _star(self, character: str) -> None:
        is_full = character in STARS
        if self._found and self._found[-1].kind is Kind.stars:
            last = self._found.pop()
            self._add(Kind.stars, last.text + character, last.value + is_full)
        else:
            self._add(Kind.stars, character, int(is_full))

    def _is_joint(self, character: str, index: int) -> bool:
        """Say whether a hyphen or an apostrophe belongs to a word: `so-so`, `un po' lento`."""
        before, after = self._text[max(0, index - 1) : index], self._text[index + 1 : index + 2]
        is_hyphen = character == "-" and before.isalnum() and (before + after).isalnum()
        return is_hyphen or (character == "'" and before.isalpha())

    def _is_ratio(self, index: int) -> bool:
        after = self._text[index + 1 : index + 3].strip()
        return bool(self._found) and self._found[-1].kind is Kind.number and after[:1].isdigit()

    def _pause(self, mark: str) -> None:
        """Add a pause; of several in a row, the strongest is kept."""
        if self._found and self._found[-1].kind is Kind.pause:
            mark = max(mark, self._found.pop().text, key=STRENGTH.index)
        self._add(Kind.pause, mark)

    def _add(self, kind: Kind, text: str, value: int = 0) -> None:
        self._found.append(Token(kind, text, value))


def _numbers(body: str) -> list[Token]:
    """Return the tokens of digits with marks between them: a number, a ratio, or a figure."""
    parts = re.split(r"[.,:'/-]", body)
    if len(parts) == 1:
        if len(body) > 3 or (len(body) == 3 and body[0] == "0"):
            return [Token(Kind.figure, LONG)]
        return [Token(Kind.number, body, int(body))]
    mark = body[len(parts[0])]
    if len(parts) > 2 or max(map(len, parts)) > 3:
        return [Token(Kind.figure, LONG if len(body) > 5 else ODD)]
    first, second = parts
    if mark == SLASH:
        ratio = (Token(Kind.number, part, int(part)) for part in parts)
        return [next(ratio), Token(Kind.word, SLASH), next(ratio)]
    if mark in ".," and second in ("0", "00"):
        return [Token(Kind.number, first, int(first))]
    is_near = mark in ".,-" and len(first) < 3 and len(second) < 3
    return [Token(Kind.figure, NEAR if is_near else ODD)]


def _squeezed(word: str) -> str:
    """Return the known spelling of a drawn-out word: `greaaat` is `great`."""
    if word in KNOWN or len(word) < 4:
        return word
    once = "".join(c for index, c in enumerate(word) if c != word[index - 1 : index])
    twice = "".join(c for index, c in enumerate(word) if word[max(0, index - 2) : index] != c * 2)
    is_drawn = len(twice) < len(word)
    return next((one for one in (twice, once) if is_drawn and one in KNOWN), word)
