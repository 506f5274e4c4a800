"""How values stand in a file. Each form reads what people write, and writes it always the same.

`read` gives a value in the file's words, which can be compared; `meant` turns these into what the
services take, and `shown` does the opposite.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from typing import Protocol

from pydantic import JsonValue

from domain.people.log_in_names import LONGEST_NAME
from domain.text.hidden import is_one_line, is_seen
from services.brand_file import durations
from services.brand_file.names import ONE, Names
from services.brand_file.near import nearest
from services.brand_file.tree import Entries, Listing, Mistake, Node, Scalar

LONGEST_TEXT = 5000
"""Characters. Ours: what is to be sent is shorter, as the services say."""
MOST = 500
"""Of a list or of words with values. Ours: a service may allow fewer."""
LONGEST_SHOWN = 60
"""Characters of a wrong word in the sentence about it."""
FEW = 6
"""As many words are all listed where another is written."""
YES, NO = ("yes", "true", "on"), ("no", "false", "off")
WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,9})?", re.ASCII)
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


class NotThis(Exception):
    """A value is of another form. The message says what is expected."""

    def __init__(self, node: Node, sentence: str, near: str = "") -> None:
        super().__init__(sentence)
        self.mistake = Mistake(node.line, sentence, near=near)


@dataclass
class Referred:
    """Names that a file refers to, to be looked for when all of it is read."""

    section: str
    name: str
    line: int


@dataclass
class Reading:
    """What is gathered while a file is read."""

    referred: list[Referred] = field(default_factory=list)


class Form(Protocol):
    def read(self, node: Node, reading: Reading) -> JsonValue:
        """Return the value in the file's words. Raises `NotThis`."""
        ...

    def meant(self, value: JsonValue, names: Names) -> object: ...

    def shown(self, value: object, names: Names) -> JsonValue: ...


def shortened(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return the beginning of what somebody wrote."""
    return text if len(text) <= longest else f"{text[:longest]}…"


def _word(node: Node, expected: str) -> Scalar:
    if not isinstance(node, Scalar):
        raise NotThis(node, f"{expected} is expected here, and not several things.")
    return node


@dataclass(frozen=True)
class Text:
    """A text. `longest`: characters."""

    longest: int = LONGEST_TEXT

    def read(self, node: Node, reading: Reading) -> JsonValue:
        text = _word(node, "A text").text
        if len(text) > self.longest:
            raise NotThis(node, f"Write {self.longest} characters at most.")
        return text

    def meant(self, value: JsonValue, names: Names) -> object:
        return value

    def shown(self, value: object, names: Names) -> JsonValue:
        return str(value)


@dataclass(frozen=True)
class Line(Text):
    """A line that can be seen, such as a name."""

    longest: int = LONGEST_NAME

    def read(self, node: Node, reading: Reading) -> JsonValue:
        text = _word(node, "A text").text.strip()
        if len(text) > self.longest or not is_one_line(text) or not is_seen(text):
            raise NotThis(node, f"Write one line of 1 to {self.longest} characters.")
        return text


@dataclass(frozen=True)
class OneOf(Text):
    """A word of a long list."""

    words: Collection[str] = ()

    def read(self, node: Node, reading: Reading) -> JsonValue:
        word = _word(node, "One word").text
        if word not in self.words:
            raise NotThis(node, f"{shortened(word)} is not known here.", nearest(word, self.words))
        return word


@dataclass(frozen=True)
class YesNo:
    def read(self, node: Node, reading: Reading) -> JsonValue:
        word = _word(node, "Yes or no").text.lower()
        if word not in YES + NO:
            raise NotThis(node, "Write true or false.")
        return word in YES

    def meant(self, value: JsonValue, names: Names) -> object:
        return value

    def shown(self, value: object, names: Names) -> JsonValue:
        return bool(value)


@dataclass(frozen=True)
class Number:
    """A number. `is_whole`: without decimals."""

    is_whole: bool = True

    def read(self, node: Node, reading: Reading) -> JsonValue:
        text = _word(node, "A number").text.strip()
        if self.is_whole and WHOLE.fullmatch(text):
            return int(text)
        if not self.is_whole and NUMBER.fullmatch(text):
            return float(text)
        raise NotThis(node, "Write a whole number." if self.is_whole else "Write a number.")

    def meant(self, value: JsonValue, names: Names) -> object:
        return value

    def shown(self, value: object, names: Names) -> JsonValue:
        return int(str(value)) if self.is_whole else float(str(value))


@dataclass(frozen=True)
class Duration:
    """A time such as `25 min`. `unit`: what the services count in, in seconds."""

    unit: int = 1
    is_delta: bool = False

    def read(self, node: Node, reading: Reading) -> JsonValue:
        text = _word(node, "A time").text
        seconds = 0 if text.strip() == "0" else durations.seconds_in(text)
        if seconds is None or seconds % self.unit:
            least = durations.in_words(self.unit)
            example = {1: "25 min, 2 h or 90 days", 60: "5 min"}.get(self.unit, "30 days")
            raise NotThis(node, f"Write a time with its unit, such as {example}; {least} at least.")
        return durations.in_words(seconds, self.unit)

    def meant(self, value: JsonValue, names: Names) -> object:
        seconds = durations.seconds_in(str(value)) or 0
        return timedelta(seconds=seconds) if self.is_delta else seconds // self.unit

    def shown(self, value: object, names: Names) -> JsonValue:
        if isinstance(value, timedelta):
            return durations.in_words(round(value.total_seconds()))
        return durations.in_words(int(str(value)) * self.unit, self.unit)


@dataclass(frozen=True)
class Choice:
    """One word of several."""

    words: type[StrEnum]

    def read(self, node: Node, reading: Reading) -> JsonValue:
        word = _word(node, "One word").text
        known = [str(one) for one in self.words]
        if word not in known:
            word = shortened(word)
            if len(known) <= FEW:
                raise NotThis(node, f"{word} is not known here. Write {' or '.join(known)}.")
            raise NotThis(node, f"{word} is not known here.", nearest(word, known))
        return word

    def meant(self, value: JsonValue, names: Names) -> object:
        return self.words(str(value))

    def shown(self, value: object, names: Names) -> JsonValue:
        return str(value)


@dataclass(frozen=True)
class TimeOfDay:
    def read(self, node: Node, reading: Reading) -> JsonValue:
        found = CLOCK.fullmatch(_word(node, "A time of day").text.strip())
        if found is None:
            raise NotThis(node, "Write a time of day such as 09:00.")
        return f"{int(found[1]):02}:{found[2]}"

    def meant(self, value: JsonValue, names: Names) -> object:
        return time.fromisoformat(str(value))

    def shown(self, value: object, names: Names) -> JsonValue:
        return f"{value:%H:%M}"


@dataclass(frozen=True)
class Reference:
    """The name of something of another section."""

    section: str

    def read(self, node: Node, reading: Reading) -> JsonValue:
        name = _word(node, f"The name of a {ONE[self.section]}").text
        if not name:
            raise NotThis(node, "This cannot be empty.")
        reading.referred.append(Referred(self.section, name, node.line))
        return name

    def meant(self, value: JsonValue, names: Names) -> object:
        return names.id_of(self.section, str(value))

    def shown(self, value: object, names: Names) -> JsonValue:
        return names.name_of(self.section, str(value))


@dataclass(frozen=True)
class Optional:
    """A value that may be missing. `nothing`: the word for that."""

    form: Form
    nothing: str = "null"

    def read(self, node: Node, reading: Reading) -> JsonValue:
        if isinstance(node, Scalar) and (
            node.is_nothing or (node.is_plain and node.text == self.nothing)
        ):
            return None
        return self.form.read(node, reading)

    def meant(self, value: JsonValue, names: Names) -> object:
        return None if value is None else self.form.meant(value, names)

    def shown(self, value: object, names: Names) -> JsonValue:
        return None if value is None else self.form.shown(value, names)


@dataclass(frozen=True)
class Many:
    """A list. `is_sorted`: its order means nothing. `most`: how many there may be."""

    form: Form
    is_sorted: bool = True
    most: int = MOST

    def read(self, node: Node, reading: Reading) -> JsonValue:
        if isinstance(node, Scalar) and node.is_nothing:
            return []
        if not isinstance(node, Listing):
            raise NotThis(node, "A list is expected here: each on a line of its own after a -.")
        if len(node.items) > self.most:
            raise NotThis(node, f"Write {self.most} at most.")
        return self._ordered([self.form.read(one, reading) for one in node.items])

    def meant(self, value: JsonValue, names: Names) -> object:
        return [self.form.meant(one, names) for one in value] if isinstance(value, list) else []

    def shown(self, value: object, names: Names) -> JsonValue:
        many = value if isinstance(value, list | tuple | frozenset) else []
        given = [self.form.shown(one, names) for one in many]
        return self._ordered([one for one in given if one is not None])

    def _ordered(self, values: list[JsonValue]) -> JsonValue:
        if not self.is_sorted:
            return values
        return sorted({str(one): one for one in values}.values(), key=str)


@dataclass(frozen=True)
class Table:
    """Words, each with a value, such as texts by language.

    `keys`: what the words must be. `longest`: their characters; `most`: how many there may be.
    """

    form: Form
    keys: type[StrEnum] | None = None
    longest: int = LONGEST_NAME
    most: int = MOST

    def read(self, node: Node, reading: Reading) -> JsonValue:
        if isinstance(node, Scalar) and node.is_nothing:
            return {}
        if not isinstance(node, Entries):
            raise NotThis(node, "Words with a value each are expected here, such as en: Hello.")
        self._check(node)
        return {key: self.form.read(node.values[key], reading) for key in sorted(node.values)}

    def _check(self, node: Entries) -> None:
        if len(node.values) > self.most:
            raise NotThis(node, f"Write {self.most} at most.")
        long = next((key for key in node.values if len(key) > self.longest), None)
        if long is not None:
            where = Scalar(node.lines[long], long)
            raise NotThis(where, f"Write {self.longest} characters at most.")
        known = [str(one) for one in self.keys or ()]
        unknown = next((key for key in node.values if known and key not in known), None)
        if unknown is not None:
            line = Scalar(node.lines[unknown], unknown)
            raise NotThis(line, f"{unknown} is not known here.", nearest(unknown, known))

    def meant(self, value: JsonValue, names: Names) -> object:
        given = value if isinstance(value, dict) else {}
        return {key: self.form.meant(one, names) for key, one in given.items()}

    def shown(self, value: object, names: Names) -> JsonValue:
        given = value if isinstance(value, Mapping) else {}
        shown = {str(key): self.form.shown(given[key], names) for key in sorted(given)}
        return {key: one for key, one in shown.items() if one is not None}


@dataclass(frozen=True)
class Anything:
    """A tree of plain values, which the rules check as a whole.

    `expected`: the sentence for what is no group of settings; without it, all is read. `is_word`:
    a word may stand there, too.
    """

    expected: str = ""
    is_word: bool = False

    def read(self, node: Node, reading: Reading) -> JsonValue:
        if self.expected and not isinstance(node, Entries):
            if not (self.is_word and isinstance(node, Scalar) and node.text):
                raise NotThis(node, self.expected)
            return node.text
        return self._read(node)

    def _read(self, node: Node) -> JsonValue:
        match node:
            case Entries(values=values):
                return {key: self._read(one) for key, one in values.items()}
            case Listing(items=items):
                return [self._read(one) for one in items]
            case Scalar():
                return _plain(node)

    def meant(self, value: JsonValue, names: Names) -> object:
        return value

    def shown(self, value: object, names: Names) -> JsonValue:
        return value  # type: ignore[return-value]  # of a model, dumped as JSON


def _plain(node: Scalar) -> JsonValue:
    """Return what a word means by itself, as JSON would read it."""
    if not node.is_plain:
        return node.text
    if node.is_nothing:
        return None
    if node.text in ("true", "false"):
        return node.text == "true"
    if WHOLE.fullmatch(node.text):
        return int(node.text)
    return float(node.text) if NUMBER.fullmatch(node.text) else node.text
