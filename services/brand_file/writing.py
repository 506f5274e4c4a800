"""Writes a brand's file: always in one order, with names, its head says what is left out."""

import re
from collections.abc import Iterator
from textwrap import wrap

import yaml
from pydantic import JsonValue

from services.brand_file.comparing import State
from services.brand_file.fields import differing
from services.brand_file.forms import Optional
from services.brand_file.kind import Kind, There
from services.brand_file.kinds.catalogue import KINDS, LEFT_OUT
from services.brand_file.kinds.lines import GIVEN, Connectors
from services.brand_file.reading import CREDENTIALS, VERSION

WIDTH = 98
BREAKS = re.compile("[\r\x85\u2028\u2029\ufeff]")
"""What readers of YAML take for the end of a line, unless it is escaped."""


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # has no types
    """Writes texts of several lines as such, and lists under their keys."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless and False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = '"' if BREAKS.search(text) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def written(state: State, *, is_whole: bool) -> str:
    """Return the file of what an account has. `is_whole`: with what is the default, too."""
    return "\n".join([*_head(is_whole=is_whole), *_sections(state, is_whole=is_whole)])


def _head(*, is_whole: bool) -> Iterator[str]:
    stands = "All settings stand here, also those that are the default."
    if not is_whole:
        stands = "Only what differs from the default stands here."
    told = (
        "The configuration of a brand, for Switchboard.",
        stands,
        "Things are told apart by their names, lines by their numbers. To give something another "
        "name, write the new name, and was: with the old one.",
        "A setting that a thing does not name has its default.",
        "What you remove here stays in Switchboard, unless you apply the file with what is missing "
        "retired. A section that you remove is left alone.",
    )
    for sentence in told:
        yield from _comment(sentence)
    yield "#"
    yield "# Left out:"
    notes = [kind.note for kind in KINDS if kind.note]
    for sentence in dict.fromkeys((*LEFT_OUT.values(), *notes)):
        yield from _comment(sentence, "- ")
    yield ""
    yield f"version: {VERSION}"


def _comment(sentence: str, sign: str = "") -> Iterator[str]:
    for nth, line in enumerate(wrap(sentence, WIDTH - 4)):
        yield f"# {sign if not nth else ' ' * len(sign)}{line}"


def _sections(state: State, *, is_whole: bool) -> Iterator[str]:
    for kind in KINDS:
        found = [_values(kind, one, is_whole=is_whole) for one in state[kind.section]]
        content: JsonValue = found[0] if kind.is_whole else [*found]
        if kind.bare is not None:
            content = found[0].get(kind.bare, state[kind.section][0].values[kind.bare])
        yield ""
        yield dumped({kind.section: content}).rstrip("\n")
    yield ""


def _values(kind: Kind, one: There, *, is_whole: bool) -> dict[str, JsonValue]:
    values = differing(kind.fields, one.values, all_of_them=is_whole)
    words = {
        field.key: field.form.nothing for field in kind.fields if isinstance(field.form, Optional)
    }
    shown = {
        key: words.get(key) if value is None and words.get(key) != "null" else value
        for key, value in values.items()
    }
    return {**shown, **({CREDENTIALS: GIVEN} if isinstance(kind, Connectors) else {})}


def dumped(content: JsonValue) -> str:
    """Return content as YAML, which `tree.parse` reads word for word."""
    return str(
        yaml.dump(
            content,
            Dumper=_Dumper,
            sort_keys=False,
            allow_unicode=True,
            width=WIDTH,
            default_flow_style=False,
        )
    )
