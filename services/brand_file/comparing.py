"""What a file would change: what an account has before and after it, compared."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from pydantic import JsonValue

from services.brand_file.fields import Field
from services.brand_file.forms import Optional
from services.brand_file.kind import Kind, On, There
from services.brand_file.kinds.catalogue import KINDS

State = Mapping[str, Sequence[There]]
"""What an account has, by section."""


class Verb(StrEnum):
    add = "add"
    change = "change"
    rename = "rename"
    retire = "retire"


@dataclass(frozen=True)
class Difference:
    """A setting before and after, in the file's words."""

    key: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """What becomes of one thing. `kind`: what it is; `name`: what it is called in the end."""

    verb: Verb
    section: str
    kind: str
    name: str
    differences: Sequence[Difference] = ()

    def __str__(self) -> str:
        called = f"{self.kind} {self.name}".strip()
        told = "; ".join(
            f"{one.key}: {one.before} -> {one.after}" if one.before else f"{one.key}: {one.after}"
            for one in self.differences
        )
        return f"{self.verb} {called}{': ' if told else ''}{told}"


async def present(on: On) -> State:
    """Return what the account has, each kind in the order of its names."""
    return {kind.section: sorted(await kind.present(on), key=_order(kind)) for kind in KINDS}


def _order(kind: Kind) -> Callable[[There], tuple[str, ...]]:
    def order(one: There) -> tuple[str, ...]:
        words = [kind.label(one.values), *map(str, kind.identity(one.values))]
        return (*(word.casefold() for word in words), *words)

    return order


def compared(before: State, after: State) -> list[Step]:
    """Return what became of each thing."""
    return [step for kind in KINDS for step in _steps(kind, before, after)]


def _steps(kind: Kind, before: State, after: State) -> Iterator[Step]:
    was = {one.id: one for one in before[kind.section]}
    now = {one.id: one for one in after[kind.section]}
    for one in now.values():
        if one.id not in was:
            yield _step(kind, Verb.add, one, _set(kind, one))
        elif one.values != was[one.id].values:
            differences = _differences(kind, was[one.id], one)
            renamed = any(told.key == "name" for told in differences)
            yield _step(kind, Verb.rename if renamed else Verb.change, one, differences)
    for one in was.values():
        if one.id not in now:
            yield _step(kind, Verb.retire, one, [])


def _step(kind: Kind, verb: Verb, one: There, differences: Sequence[Difference]) -> Step:
    return Step(verb, kind.section, kind.one, kind.label(one.values), differences)


def _set(kind: Kind, one: There) -> list[Difference]:
    return [
        Difference(field.key, "", in_words(one.values[field.key]))
        for field in kind.fields
        if field.key not in kind.key and one.values[field.key] != field.default
    ]


def _differences(kind: Kind, was: There, now: There) -> list[Difference]:
    return [
        Difference(one.key, _word(one, was.values[one.key]), _word(one, now.values[one.key]))
        for one in kind.fields
        if was.values[one.key] != now.values[one.key]
    ]


def _word(field: Field, value: JsonValue) -> str:
    """Return a value on one line, and the file's own word for one that is not set."""
    if value is None and isinstance(field.form, Optional) and field.form.nothing != "null":
        return field.form.nothing
    return in_words(value)


def in_words(value: JsonValue) -> str:
    """Return a value on one line."""
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(in_words(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {in_words(one)}" for key, one in value.items())
    return " ".join(str(value).split())


def digest_of(state: State, *more: str) -> str:
    """Return what tells a plan from one that was made of other settings or another file."""
    told = {section: [[one.id, one.values] for one in found] for section, found in state.items()}
    whole = json.dumps([told, *more], sort_keys=True, ensure_ascii=True)
    return sha256(whole.encode()).hexdigest()[:32]
