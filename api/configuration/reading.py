"""Reads a configuration file: plain YAML, of bounded size, with the line of each of its parts."""

import math
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

from domain.errors import Invalid

LARGEST = 2 * 1024 * 1024
"""Bytes. Ours: some thousand settings have a tenth of that."""
DEEPEST = 12
MOST_PARTS = 100_000
"""Ours: a thousand skills with all their settings have half of it."""
UNKEPT = re.compile("[\0\ud800-\udfff]")
VERSION = 1
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Twenty times as fast where it is built in: a large file must not hold up the others."""
Path = tuple[Hashable, ...]


class FileInvalid(Invalid):
    """A file that cannot be applied; the sentence says where. Nothing was changed."""

    code = "configuration_invalid"


@dataclass(frozen=True)
class ReadFile:
    """A file's content, and the line of each part by its way through the file."""

    content: Mapping[str, Any]
    lines: Mapping[Path, int]

    def refused(self, where: Path, why: str) -> FileInvalid:
        """Return the error for a part, with its line."""
        at = where
        while at and at not in self.lines:
            at = at[:-1]
        named = " / ".join(str(one) for one in where) or "The file"
        return FileInvalid(f"Line {self.lines.get(at, 1)}, {named}: {why}")

    def check_keys(self, where: Path, given: Mapping[str, Any], known: set[str]) -> None:
        """Raise `FileInvalid` for a key that nobody knows."""
        for key in given:
            if key not in known:
                near = get_close_matches(str(key), known, 1)
                hint = f" Do you mean {near[0]}?" if near else ""
                raise self.refused((*where, key), f"this is not known.{hint}")


def read(written: bytes) -> ReadFile:
    """Read a file. Raises `FileInvalid` for one that is too large, no YAML, or of later make."""
    if len(written) > LARGEST:
        raise FileInvalid("The file is larger than 2 MB.")
    try:
        text = written.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileInvalid("The file is not in UTF-8.") from None
    lines: dict[Path, int] = {}
    try:
        _refuse_cleverness(text)
        node = yaml.compose(text, Loader=LOADER)
        content = _plain(node, (), lines) if node is not None else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        if "nesting depth" in str(getattr(error, "problem", "")):  # newer parsers count themselves
            raise FileInvalid(f"Line {line}: this is nested too deeply.") from None
        raise FileInvalid(f"Line {line}: this is no YAML.") from None
    found = ReadFile(content if isinstance(content, dict) else {}, lines)
    if not isinstance(content, dict):
        raise found.refused((), "it must begin with a version.")
    _check_version(found)
    return found


def _check_version(found: ReadFile) -> None:
    version = found.content.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise found.refused(("version",), f"the file must say its version, such as {VERSION}.")
    if version > VERSION:
        raise found.refused(
            ("version",),
            f"this file is of version {version}, and this Switchboard reads {VERSION}. Update it.",
        )


def _refuse_cleverness(text: str) -> None:
    # Before anything is built, as building goes as deep as the file does.
    depth = 0
    for place, event in enumerate(yaml.parse(text, Loader=LOADER)):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise FileInvalid(f"Line {line}: references (*) are not read.")
        if getattr(event, "tag", None):
            raise FileInvalid(f"Line {line}: tags (!) are not read.")
        if isinstance(event, yaml.ScalarEvent) and UNKEPT.search(event.value):
            raise FileInvalid(f"Line {line}: here is a character that cannot be kept.")
        if place > MOST_PARTS:
            raise FileInvalid(f"The file has more than {MOST_PARTS} parts.")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise FileInvalid(f"Line {line}: this is nested too deeply.")


def _plain(node: yaml.Node, where: Path, lines: dict[Path, int]) -> Any:
    lines[where] = node.start_mark.line + 1
    match node:
        case yaml.MappingNode():
            return _mapping(node, where, lines)
        case yaml.SequenceNode():
            return [_plain(one, (*where, place), lines) for place, one in enumerate(node.value)]
    return _scalar(node, where, lines)


def _scalar(node: yaml.Node, where: Path, lines: Mapping[Path, int]) -> object:
    try:
        value = SafeConstructor().construct_object(node)
    except ValueError:  # what looks like one and is none, such as 2026-13-45
        value = math.nan
    if isinstance(value, float) and not math.isfinite(value):
        named = " / ".join(str(one) for one in where)
        line = lines[where]
        if node.tag.endswith("timestamp"):
            raise FileInvalid(f"Line {line}, {named}: this is no date.")
        raise FileInvalid(f"Line {line}, {named}: this is no number.")
    return value


def _mapping(node: yaml.MappingNode, where: Path, lines: dict[Path, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise FileInvalid(f"Line {line}: a name is one text.")
        if key in found:
            raise FileInvalid(f"Line {line}, {key}: this stands here twice.")
        found[key] = _plain(value, (*where, key), lines)
        lines[(*where, key)] = line
    return found
