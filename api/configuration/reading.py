"""Reads a configuration file: plain YAML, of bounded size, with the line of each of its parts."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import yaml

from domain.errors import Invalid

LARGEST = 2 * 1024 * 1024
"""Bytes. Ours: some thousand settings have a tenth of that."""
DEEPEST = 12
VERSION = 1
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
        _refuse_aliases(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = _plain(node, (), lines) if node is not None else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
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


def _refuse_aliases(text: str) -> None:
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise FileInvalid(f"Line {event.start_mark.line + 1}: references (*) are not read.")


def _plain(node: yaml.Node, where: Path, lines: dict[Path, int]) -> Any:
    lines[where] = node.start_mark.line + 1
    if len(where) > DEEPEST:
        raise FileInvalid(f"Line {lines[where]}: this is nested too deeply.")
    match node:
        case yaml.MappingNode():
            return _mapping(node, where, lines)
        case yaml.SequenceNode():
            return [_plain(one, (*where, place), lines) for place, one in enumerate(node.value)]
    return yaml.SafeLoader("").construct_object(node)


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
