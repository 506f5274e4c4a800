"""Workflow code reads no words: lists, folding and Unicode tables change, histories do not."""

import ast
from collections.abc import Iterator
from pathlib import Path

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
    "domain.survey.manners",
}
"""Modules whose answer to a text is another tomorrow."""


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
