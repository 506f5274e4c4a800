"""Reads a brand's file: what it wants of each kind, and all mistakes with their lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from pydantic import JsonValue

from services.brand_file.fields import Field
from services.brand_file.forms import NotThis, Optional, Reading, Referred
from services.brand_file.kind import Kind, Values
from services.brand_file.kinds.catalogue import KINDS
from services.brand_file.kinds.lines import GIVEN, Connectors
from services.brand_file.names import Names
from services.brand_file.near import nearest
from services.brand_file.tree import Entries, Listing, Mistake, Node, Scalar, parse

VERSION = 1
"""Of the file's form. A later one is read by later versions of Switchboard only."""
MOST_MISTAKES = 100
"""Told at once. Ours: whoever has more has taken another file."""
WAS = "was"
CREDENTIALS = "credentials"


@dataclass(frozen=True)
class Thing:
    """Something that a file wants. `was`: its old name. `kept`: fields that stay as they are."""

    values: Values
    line: int
    was: str | None = None
    kept: frozenset[str] = frozenset()


@dataclass
class Document:
    """A file that was read. `sections`: those that are in it."""

    sections: dict[str, list[Thing]] = field(default_factory=dict)
    referred: list[Referred] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


def read(text: str) -> Document:
    """Read a file's text. Raises `Unreadable` for what is no tree."""
    root = parse(text)
    document, reading = Document(), Reading()
    if not _is_our_version(root, document):
        return document
    kinds = {kind.section: kind for kind in KINDS}
    for section, node in root.values.items():
        if section == "version" or len(document.mistakes) >= MOST_MISTAKES:
            continue
        kind = kinds.get(section)
        if kind is None:
            sentence, near = f"There is no section {section}.", nearest(section, kinds)
            document.mistakes.append(Mistake(root.lines[section], sentence, near=near))
            continue
        document.sections[section] = _section(kind, node, document, reading)
    document.referred = reading.referred
    return document


def _is_our_version(root: Entries, document: Document) -> bool:
    node = root.values.get("version")
    written = node.text.strip() if isinstance(node, Scalar) else ""
    if written == str(VERSION):
        return True
    line = root.lines.get("version", 0)
    if written.isascii() and written.isdigit() and int(written[:9]) > VERSION:
        sentence = (
            f"This file is of version {written[:9]}, and this Switchboard reads version {VERSION}. "
            "Update Switchboard first."
        )
    else:
        sentence = f"The file does not say its version. Write version: {VERSION} at its top."
    document.mistakes.append(Mistake(line, sentence))
    return False


def _section(kind: Kind, node: Node, document: Document, reading: Reading) -> list[Thing]:
    if kind.bare is not None:
        node = Entries(node.line, {kind.bare: node}, {kind.bare: node.line})
    if isinstance(node, Scalar) and node.is_nothing:
        node = Entries(node.line) if kind.is_whole else Listing(node.line)
    if kind.is_whole:
        found = [_thing(kind, node, document, reading)]
    elif isinstance(node, Listing):
        found = [_thing(kind, one, document, reading) for one in node.items]
    else:
        sentence = f"A list is expected in {kind.section}: each {kind.one} begins with a -."
        document.mistakes.append(Mistake(node.line, sentence))
        found = []
    things = [one for one in found if one is not None]
    document.mistakes.extend(_twice(kind, things))
    return things


def _thing(kind: Kind, node: Node, document: Document, reading: Reading) -> Thing | None:
    if not isinstance(node, Entries):
        sentence = f"Settings are expected here, such as {kind.fields[0].key}: ..."
        document.mistakes.append(Mistake(node.line, sentence))
        return None
    if len(document.mistakes) >= MOST_MISTAKES:
        return None
    mistakes = [*islice(_unknown(kind, node), MOST_MISTAKES), *_credentials(kind, node)]
    values: dict[str, JsonValue] = {}
    for one in kind.fields:
        try:
            values[one.key] = _value(kind, one, node, reading)
        except NotThis as error:
            mistakes.append(replace(error.mistake, setting=one.key))
    document.mistakes.extend(mistakes)
    if mistakes:
        return None
    was = node.values.get(WAS)
    kept = frozenset(one.key for one in kind.fields if one.keeps and one.key not in node.values)
    line = min(node.lines.values(), default=node.line)
    return Thing(values, line, was.text if isinstance(was, Scalar) else None, kept)


def _value(kind: Kind, one: Field, node: Entries, reading: Reading) -> JsonValue:
    given = node.values.get(one.key)
    if given is not None:
        value = one.form.read(given, reading)
        if one.is_required and value == "":
            raise NotThis(given, "This cannot be empty.")
        _check_range(one, value, given)
        return value
    if one.is_required:
        raise NotThis(node, f"This is missing; every {kind.one} needs it.")
    return None if one.keeps else one.default  # type: ignore[return-value]  # in the file's words


def _check_range(one: Field, value: JsonValue, node: Node) -> None:
    """Refuse a number or a time that its setting may not have, in the words that the file uses."""
    allowed = one.allowed
    if allowed is None or value is None:
        return
    form = one.form.form if isinstance(one.form, Optional) else one.form
    meant = form.meant(value, Names())
    if isinstance(meant, int | float) and meant not in allowed:
        # `meant` of its lowest and highest are numbers of its unit, which `shown` writes with it.
        lowest, highest = (
            form.shown(bound, Names()) for bound in (allowed.lowest, allowed.highest)
        )
        raise NotThis(node, f"Write a value from {lowest} to {highest}.")


def _unknown(kind: Kind, node: Entries) -> Iterator[Mistake]:
    known = [one.key for one in kind.fields]
    more = [WAS] if kind.is_renamed else []
    more += [CREDENTIALS] if isinstance(kind, Connectors) else []
    for key in node.values:
        if key not in (*known, *more):
            sentence = f"{key} is no setting of {kind.section}."
            yield Mistake(node.lines[key], sentence, near=nearest(key, known))


def _credentials(kind: Kind, node: Entries) -> list[Mistake]:
    """Refuse credentials in a file: they would be kept wherever the file is."""
    given = node.values.get(CREDENTIALS) if isinstance(kind, Connectors) else None
    if given is None or (isinstance(given, Scalar) and given.text == GIVEN):
        return []
    sentence = (
        f"Credentials are never read from this file: write credentials: {GIVEN}. If they are real, "
        "replace them at the provider, because the file may have been seen."
    )
    return [Mistake(given.line, sentence)]


def _twice(kind: Kind, things: Sequence[Thing]) -> list[Mistake]:
    first: dict[object, int] = {}
    mistakes = []
    for one in things:
        for told in {repr(kind.identity(one.values)), _name(kind, one)}:
            if told in first:
                sentence = (
                    f"There are two of {kind.section} called {kind.label(one.values)}, "
                    f"first in line {first[told]}."
                )
                mistakes.append(Mistake(one.line, sentence))
                break
        first.update(dict.fromkeys({repr(kind.identity(one.values)), _name(kind, one)}, one.line))
    return mistakes


def _name(kind: Kind, one: Thing) -> str:
    """Return what others refer to a thing by."""
    return f"name {one.values['name']}" if "name" in one.values else repr(kind.identity(one.values))
