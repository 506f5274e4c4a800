"""YAML as a tree that knows its lines, without all that makes YAML surprising.

There are no tags, no anchors, nothing deep, and no key twice. What a word means is decided where
it is read: `no` may be a country, and `09:00` is no number of seconds.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from domain.errors import Invalid

LARGEST = 2_000_000
"""Bytes. Ours: a thousand saved replies with long texts are a quarter of it."""
DEEPEST = 12
"""Levels. Ours: the file of a brand has six."""
MOST_PARTS = 100_000
"""Words, lists and groups. Ours: a thousand skills with all their settings have half of it."""
UNKEPT = re.compile("[\0\ud800-\udfff]")
"""What the database cannot keep; written as an escape, it is valid YAML."""
TOO_LARGE = "The file is larger than 2 MB."
TOO_MANY = f"The file has more than {MOST_PARTS} parts."
TOO_DEEP = "This is nested too deeply."
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Mistake:
    """What is wrong at a line. `line`: from 1; 0: nowhere in particular.

    `setting`: whose value it is, if any. `near`: what was probably meant.
    """

    line: int
    sentence: str
    setting: str = ""
    near: str = ""

    def __str__(self) -> str:
        told = f"{self.setting}: {self.sentence}" if self.setting else self.sentence
        told = f"{told} Did you mean {self.near}?" if self.near else told
        return f"Line {self.line}: {told}" if self.line else told


class Unreadable(Invalid):
    """The file is no tree at all."""

    code = "configuration_unreadable"

    def __init__(self, line: int, sentence: str) -> None:
        self.mistake = Mistake(line, sentence)
        super().__init__(str(self.mistake))


@dataclass(frozen=True)
class Scalar:
    line: int
    text: str
    is_plain: bool = True

    @property
    def is_nothing(self) -> bool:
        return self.is_plain and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True)
class Listing:
    line: int
    items: "list[Node]" = field(default_factory=list)


@dataclass(frozen=True)
class Entries:
    """Keys with values. `lines`: of the keys."""

    line: int
    values: "dict[str, Node]" = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


Node = Scalar | Listing | Entries


def decoded(file: bytes) -> str:
    """Return a file's text. Raises `Unreadable` for what is too large or not UTF-8."""
    if len(file) > LARGEST:
        raise Unreadable(0, TOO_LARGE)
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.count(b"\n", 0, error.start) + 1
        raise Unreadable(line, "This is not UTF-8. Save the file as UTF-8.") from None


def parse(text: str) -> Entries:
    """Return the tree of a file's text. Raises `Unreadable` with the line of the first mistake."""
    if len(text.encode("utf-8", errors="surrogatepass")) > LARGEST:
        raise Unreadable(0, TOO_LARGE)
    try:
        root = _tree(yaml.parse(text, Loader=Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(mark.line + 1 if mark else 0, _not_yaml(error)) from None
    except (yaml.YAMLError, UnicodeEncodeError):
        raise Unreadable(
            _line_of_control(text), "Here is a character that cannot be read."
        ) from None
    if not isinstance(root, Entries):
        raise Unreadable(0, "The file has no sections. It begins with a line such as version: 1.")
    return root


def _not_yaml(error: yaml.MarkedYAMLError) -> str:
    said = (error.problem or error.context or "it is not YAML").rstrip(".")
    # Newer parsers say so themselves, long before they yield so much.
    return TOO_DEEP if "nesting depth" in said else f"This is not YAML: {said}."


def _line_of_control(text: str) -> int:
    odd = next(
        (at for at, one in enumerate(text) if not one.isprintable() and one not in "\n\r\t"), 0
    )
    return text.count("\n", 0, odd) + 1


@dataclass
class _Open:
    """A listing or entries whose end has not come. `key`: the one whose value comes next."""

    node: Listing | Entries
    key: Scalar | None = None

    def take(self, child: Node) -> None:
        if isinstance(self.node, Listing):
            self.node.items.append(child)
        elif self.key is None:
            self.key = self._as_key(child, self.node)
        else:
            self.node.values[self.key.text] = child
            self.node.lines[self.key.text] = self.key.line
            self.key = None

    def _as_key(self, child: Node, node: Entries) -> Scalar:
        if not isinstance(child, Scalar):
            raise Unreadable(child.line, "A list cannot be the name of something.")
        if child.text in node.values:
            first = node.lines[child.text]
            raise Unreadable(child.line, f"{child.text} is written twice, first in line {first}.")
        return child


def _tree(events: Iterator[yaml.Event]) -> Node | None:
    open_nodes: list[_Open] = []
    root: Node | None = None
    for place, event in enumerate(events):
        line = event.start_mark.line + 1
        if place > MOST_PARTS:
            raise Unreadable(line, TOO_MANY)
        _refuse_cleverness(event, line)
        node = _node(event, line)
        if isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            node = open_nodes.pop().node
        elif isinstance(node, Listing | Entries):
            open_nodes.append(_Open(node))
            if len(open_nodes) > DEEPEST:
                raise Unreadable(line, TOO_DEEP)
            continue
        if node is None:
            continue
        if open_nodes:
            open_nodes[-1].take(node)
        elif root is not None:
            raise Unreadable(line, "The file holds more than one document. Remove the line ---.")
        else:
            root = node
    return root


MADE: Mapping[type[yaml.Event], Callable[[yaml.Event, int], Node]] = {
    yaml.ScalarEvent: lambda event, line: Scalar(line, event.value, not event.style),
    yaml.SequenceStartEvent: lambda _event, line: Listing(line),
    yaml.MappingStartEvent: lambda _event, line: Entries(line),
}


def _node(event: yaml.Event, line: int) -> Node | None:
    make = MADE.get(type(event))
    return make(event, line) if make else None


def _refuse_cleverness(event: yaml.Event, line: int) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise Unreadable(line, "References with & and * are not read. Write it out in each place.")
    if getattr(event, "tag", None) and isinstance(event, yaml.NodeEvent):
        raise Unreadable(line, "Tags with ! are not read. Put words that begin with ! in quotes.")
    if isinstance(event, yaml.ScalarEvent) and UNKEPT.search(event.value):
        raise Unreadable(line, "Here is a character that cannot be kept.")
