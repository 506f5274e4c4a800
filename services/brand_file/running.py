"""Carries out a file within one transaction, by the services that pages and programs use too."""

from collections.abc import Callable, Collection, Coroutine, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from domain.errors import Conflict, DomainError
from services.brand_file.comparing import State, present
from services.brand_file.forms import shortened
from services.brand_file.kind import Kind, On, There
from services.brand_file.kinds.catalogue import KINDS
from services.brand_file.names import ONE, NoSuchName
from services.brand_file.near import nearest
from services.brand_file.reading import MOST_MISTAKES, Document, Thing
from services.brand_file.tree import Mistake

LONGEST_SENTENCE = 500
"""Characters. A rule's sentence may repeat what somebody wrote."""
Act = Callable[[], Coroutine[None, None, None]]


@dataclass
class Outcome:
    """What a run did. `missing`: what the account has and the file has not, by section."""

    before: State
    after: State = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    missing: list[tuple[Kind, There]] = field(default_factory=list)


@dataclass(frozen=True)
class _Match:
    kind: Kind
    wanted: Thing
    there: There | None


async def run(on: On, document: Document, *, retire_missing: bool) -> Outcome:
    """Carry out a file. What is refused is in the outcome, each with its line."""
    before = await present(on)
    if _rename(on, document, before):
        before = await present(on)
    outcome = Outcome(before, mistakes=_unknown_names(on, document))
    matches = [
        _Match(kind, one, there) for kind in KINDS for one, there in _found(kind, document, before)
    ]
    outcome.missing = _missing(document, before, matches)
    if not outcome.mistakes:
        await _carry_out(on, outcome, matches, retire_missing=retire_missing)
    on.session.expire_all()
    outcome.after = await present(on)
    return outcome


async def _carry_out(
    on: On, outcome: Outcome, matches: Collection[_Match], *, retire_missing: bool
) -> None:
    added: dict[int, str] = {}
    acts: Iterator[tuple[int, Act]] = chain(
        ((one.wanted.line, partial(_early, on, one, added)) for one in matches if _is_new(one)),
        ((one.wanted.line, partial(_late, on, one, added)) for one in matches if _is_new(one)),
        (
            (0, partial(kind.retire, on, there.id))
            for kind, there in (reversed(outcome.missing) if retire_missing else ())
        ),
    )
    for line, act in acts:
        if len(outcome.mistakes) < MOST_MISTAKES:
            await _try(on, outcome, line, act)


def _is_new(one: _Match) -> bool:
    return one.there is None or bool(_changed(one.kind, one.wanted, one.there))


async def _try(on: On, outcome: Outcome, line: int, act: Act) -> None:
    try:
        async with on.session.begin_nested():
            await act()
    except DomainError as error:
        outcome.mistakes.append(Mistake(line, shortened(error.detail, LONGEST_SENTENCE)))
    except NoSuchName:
        pass  # what has this name was refused, which is said there


async def _early(on: On, one: _Match, added: dict[int, str]) -> None:
    """Add a thing, or change what refers to nothing that may be added later."""
    kind, wanted = one.kind, one.wanted
    if one.there is None:
        row_id = await kind.add(on, wanted.values)
        added[id(wanted)] = row_id
        if "name" in wanted.values:
            on.names.add(kind.section, str(wanted.values["name"]), row_id)
        return
    keys = _changed(kind, wanted, one.there)
    _refuse_fixed(kind, keys, one.there)
    early = [field.key for field in kind.fields if field.key in keys and not field.is_late]
    if early:
        await kind.change(on, one.there.id, wanted.values, early)


async def _late(on: On, one: _Match, added: dict[int, str]) -> None:
    kind, wanted = one.kind, one.wanted
    row_id = one.there.id if one.there else added.get(id(wanted))
    if row_id is None:
        return
    keys = _changed(kind, wanted, one.there) if one.there else _not_default(kind, wanted)
    late = [field.key for field in kind.fields if field.key in keys and field.is_late]
    if late:
        await kind.change(on, row_id, wanted.values, late)


def _changed(kind: Kind, wanted: Thing, there: There) -> list[str]:
    return [
        one.key
        for one in kind.fields
        if one.key not in wanted.kept
        and not (one.is_fixed and one.key in kind.key)  # its key: it was found by that
        and wanted.values[one.key] != there.values[one.key]
    ]


def _not_default(kind: Kind, wanted: Thing) -> list[str]:
    return [one.key for one in kind.fields if wanted.values[one.key] != one.default]


def _refuse_fixed(kind: Kind, keys: Collection[str], there: There) -> None:
    fixed = next(
        (one.key for one in kind.fields if one.is_fixed and one.key in keys),
        None,
    )
    if fixed is not None:
        raise Conflict(
            f"{fixed} of the {kind.one} {kind.label(there.values)} never changes. Retire it and "
            "add another."
        )


def _found(kind: Kind, document: Document, state: State) -> Iterator[tuple[Thing, There | None]]:
    """Return what the file wants, with what the account has of it: its key, or its old name."""
    found = state[kind.section]
    told = {kind.identity(one.values): one for one in found}
    for wanted in document.sections.get(kind.section, ()):
        there = found[0] if kind.is_whole else told.get(kind.identity(wanted.values))
        if there is None and wanted.was is not None and kind.is_renamed:
            there = told.get((wanted.was,))
        yield wanted, there


def _rename(on: On, document: Document, state: State) -> bool:
    """Let old names stand for new ones, so that what refers to them has not changed."""
    has_renamed = False
    for kind in KINDS:
        names = {one.values.get("name") for one in state[kind.section]}
        for wanted, there in _found(kind, document, state):
            old, new = there and there.values.get("name"), wanted.values.get("name")
            if old is not None and new is not None and old != new and new not in names:
                on.names.rename(kind.section, str(old), str(new))
                has_renamed = True
    return has_renamed


def _unknown_names(on: On, document: Document) -> list[Mistake]:
    known_in = {
        section: {
            *found,
            *(str(thing.values["name"]) for thing in document.sections.get(section, ())),
        }
        for section, found in on.names.ids.items()
    }
    mistakes: list[Mistake] = []
    for one in document.referred:
        known = known_in[one.section]
        if one.name not in known and len(mistakes) < MOST_MISTAKES:
            sentence = f"There is no {ONE[one.section]} called {shortened(one.name)}."
            mistakes.append(Mistake(one.line, sentence, near=nearest(one.name, known)))
    return mistakes


def _missing(
    document: Document, state: State, matches: Collection[_Match]
) -> list[tuple[Kind, There]]:
    """Return what is in none of the file's sections. Sections that it lacks are not looked at."""
    named = {(one.kind.section, one.there.id) for one in matches if one.there}
    return [
        (kind, there)
        for kind in KINDS
        if kind.section in document.sections and not kind.is_whole
        for there in state[kind.section]
        if (kind.section, there.id) not in named
    ]
