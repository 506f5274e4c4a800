"""Workflow code reads no words: lists, folding and Unicode tables change, histories do not."""

import ast
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import pytest

ROOT = Path(__file__).parents[2]
READS_WORDS = {
    *(
        "unicodedata",
        "languages",
        "domain.text.folding",
        "domain.consent.keywords",
        "domain.numbers.phone_numbers",
    ),
    *("domain.survey.reading", "domain.survey.vocabulary", "domain.survey.tokens"),
    *("domain.survey.numbers", "domain.survey.phrases", "domain.survey.symbols"),
    *("domain.survey.answers", "domain.survey.comments", "domain.survey.grammar"),
    *("domain.survey.manners", "domain.courtesies.reading", "domain.courtesies.reactions"),
    *("domain.courtesies.automatic", "domain.courtesies.words", "domain.courtesies.reaction_words"),
}
"""Modules whose result for a text may change with the next release."""


def path_of(name: str) -> Path | None:
    """Return the file of a module of ours."""
    place = ROOT / name.replace(".", "/")
    found = [path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()]
    return found[0] if found else None


def imported(path: Path) -> Iterator[str]:
    """Yield the names a file imports, and what each may be a module of."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{alias.name}" for alias in names)


def reached(start: Path) -> dict[str, str]:
    """Return all that is imported from a file on, each with who imports it."""
    found: dict[str, str] = {}
    waiting = [(start.stem, start)]
    while waiting:
        by, path = waiting.pop()
        for name in imported(path):
            if name in found:
                continue
            found[name] = by
            if module := path_of(name):
                waiting.append((name, module))
    return found


def reading_words(start: Path) -> dict[str, str]:
    names = reached(start)
    return {name: by for name, by in names.items() if READS_WORDS & set(_whole(name))}


def _whole(name: str) -> Iterator[str]:
    parts = name.split(".")
    yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))


def test_no_workflow_code_reaches_what_reads_words() -> None:
    for module in (ROOT / "workflows").rglob("*.py"):
        assert reading_words(module) == {}, module.name


def test_the_check_sees_what_reads_words() -> None:
    found = reading_words(ROOT / "activities" / "reading.py")
    assert {"domain.survey.reading", "unicodedata"} <= set(found)


def test_the_check_looks_at_the_rules() -> None:
    assert "domain.conversation.survey" in reached(
        ROOT / "workflows" / "conversation" / "workflow.py"
    )


RUN = sorted((ROOT / "workflows" / "conversation").glob("*.py"))
ALLOWED = {
    *("abc", "asyncio", "collections", "dataclasses", "datetime", "inspect", "typing"),
    *("activities", "domain", "pydantic", "temporalio", "workflows"),
}
IMPURE_NAMES = {"uuid1", "uuid4", "getnode", "environ", "getenv", "to_thread", "run_in_executor"}
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "__import__", "breakpoint", "set"}
CLOCKS = {"now", "utcnow", "today", "time", "monotonic"}


def impurities(tree: ast.Module) -> list[str]:
    """Return what reads a clock, chance or the world, or has an order of its own."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="workflow"), attr="now"):
                continue  # the clock of the history
            case ast.Attribute(attr=name) if name in CLOCKS | IMPURE_NAMES:
                found.append(name)
            case ast.ImportFrom(names=names):
                found += [alias.name for alias in names if alias.name in IMPURE_NAMES]
            case ast.Call(func=ast.Name(id=name)) if name in IMPURE_CALLS:
                found.append(name)
            case ast.For(iter=ast.Set()) | ast.comprehension(iter=ast.Set()):
                found.append("the order of a set")
    return found


@pytest.mark.parametrize("module", RUN, ids=lambda path: path.stem)
def test_workflow_code_reads_the_clock_of_its_history_only(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert {name.partition(".")[0] for name in imported(module)} <= ALLOWED
    assert impurities(tree) == []


@pytest.mark.parametrize(
    "code",
    [
        "x = datetime.now(UTC)",
        "x = time.monotonic()",
        "from uuid import uuid4",
        "await asyncio.to_thread(f)",
        "x = open('x')",
        "for one in {1, 2}:\n    pass",
        "x = set(y)",
    ],
)
def test_the_check_of_workflow_code_sees_what_it_looks_for(code: str) -> None:
    assert impurities(ast.parse("async def f():\n" + indent(code, "    ")))


def test_workflow_code_asks_no_table_of_time_zones_or_numbers() -> None:
    for module in RUN:
        assert not {"zoneinfo", "phonenumbers"} & set(reached(module)), module.name
