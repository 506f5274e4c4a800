"""Sentences in Python: those that pages mark, and those that rules refuse with."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.catalogues.found import Found, Sentence
from tests.docs.pages import ROOT

RULES = (
    "domain",
    "services",
    "api",
    "database",
    "security",
    "media",
    "providers",
    "web",
    "outgoing",
)
"""Folders whose sentences people read when something is refused, or did not work."""
NOT_FOR_READERS = (
    "domain/automatic/texts",  # for consumers, in their own language
    "domain/calls/texts",
    "domain/bots/disclosure.py",
    "domain/consent/first_texts.py",
    "domain/conversation/deadlines.py",
    "domain/calls/evidence.py",
    "web/admin/samples.py",
    "database/migrations",
    "api/v1",  # describes itself to programs
    "api/schemas",
    "api/openapi.py",
    "api/example_history.py",
    "api/example_settings.py",
    "api/example_values.py",
    "services/notifying/inputs.py",
    "api/examples.py",
    "simulator",
)
SENTENCE = re.compile(r"[A-Z“{][^\n]* [^\n]*[.!?]")


def of_pages(folder: Path) -> Iterator[Found]:
    """Yield what modules of pages say: in `_`, `n`, `mark` and tables of `Words`."""
    for path in sorted(folder.rglob("*.py")):
        if path.name == "words.py":  # it defines them
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield from (Found(path, node.lineno, one) for one in _marked(node))


def _marked(call: ast.Call) -> Iterator[Sentence | None]:
    """Yield the sentences of a call; None for one that cannot be known beforehand."""
    texts = [_text(one) for one in call.args]
    match _name(call.func):
        case "_" | "mark":
            yield Sentence(texts[0]) if texts[0] is not None else None
        case "n":
            known = texts[0] is not None and texts[1] is not None
            yield Sentence(texts[0] or "", texts[1]) if known else None
        case "Words" if isinstance(call.args[0], ast.Dict):
            for value in call.args[0].values:
                text = _text(value)
                yield Sentence(text) if text is not None else None


def of_rules() -> Iterator[Found]:
    """Yield the sentences of rules. A value in one becomes a place."""
    for folder in RULES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            where = path.relative_to(ROOT).as_posix()
            if not any(part in where for part in NOT_FOR_READERS):
                yield from _sentences(path)
                yield from _labels(path)


def _labels(path: Path) -> Iterator[Found]:
    """Yield the labels of health checks, and of fields of secrets with their help."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        texts: list[str | None] = []
        if _name(node.func) == "HealthCheck" and len(node.args) > 1:
            texts = [_text(node.args[1])]
        elif _name(node.func) == "Field" and path.name == "description.py":
            named = [one for one in node.keywords if one.arg in ("title", "description")]
            texts = [_text(one.value) for one in named]
        elif _name(node.func) == "secret":
            texts = [_text(one) for one in node.args]
        yield from (Found(path, node.lineno, Sentence(text)) for text in texts if text)


def _sentences(path: Path) -> Iterator[Found]:
    tree = ast.parse(path.read_text())
    passed_over = set(_passed_over(tree))
    for node in ast.walk(tree):
        if id(node) in passed_over:
            continue
        text = _with_places(node) if isinstance(node, ast.JoinedStr) else _text(node)
        if text and SENTENCE.fullmatch(text) and re.search(r"[a-z]{2} [a-z{]", text):
            yield Found(path, node.lineno, Sentence(text))  # type: ignore[attr-defined]


def _passed_over(tree: ast.AST) -> Iterator[int]:
    """Yield docstrings, parts of f-strings, and what a page has marked already."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        if isinstance(node, ast.keyword) and node.arg in ("description", "examples", "example"):
            yield from (id(below) for below in ast.walk(node))  # told to programs
        if isinstance(node, ast.JoinedStr):
            yield from (id(below) for value in node.values for below in ast.walk(value))
        if isinstance(node, ast.Call) and _name(node.func) in ("_", "n", "mark", "Words", "Field"):
            yield from (id(below) for below in ast.walk(node))


def _with_places(node: ast.JoinedStr) -> str:
    """Return an f-string with a place for each value, named after it."""
    parts: list[str] = []
    for value in node.values:
        if isinstance(value, ast.FormattedValue):
            named = [one.id for one in ast.walk(value.value) if isinstance(one, ast.Name)]
            named += [one.attr for one in ast.walk(value.value) if isinstance(one, ast.Attribute)]
            name = re.sub(r"\W", "", (named or ["value"])[-1]).lower().strip("_")
            while f"{{{name}}}" in parts:
                name += "_"
            parts.append(f"{{{name}}}")
        elif isinstance(value, ast.Constant):
            parts.append(str(value.value))
    return "".join(parts)


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Subscript):  # Words[str]
        return _name(node.value)
    return node.id if isinstance(node, ast.Name) else ""
