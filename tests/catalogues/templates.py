"""Sentences in templates and in the island's scripts."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from tests.catalogues.found import Found, Sentence

TEXT = r'"(?:[^"\\\n]|\\.)*"'
CALL = re.compile(r"(?<![\w.$])(?P<name>t|n)\((?P<rest>\s*)")
LITERAL = re.compile(rf"{TEXT}(?:\s*\+\s*{TEXT})*")
COMMENT = re.compile(r"^\s*(?://|\*|/\*).*$", re.MULTILINE)


def of_templates(folder: Path) -> Iterator[Found]:
    """Yield what templates say, in `_` and `n`."""
    environment = Environment(autoescape=True)
    for path in sorted(folder.rglob("*.html")):
        for call in environment.parse(path.read_text()).find_all(nodes.Call):
            name = call.node.name if isinstance(call.node, nodes.Name) else ""
            if name in ("_", "n"):
                yield Found(path, call.lineno, _sentence(name, call))


def _sentence(name: str, call: nodes.Call) -> Sentence | None:
    texts = [one.value for one in call.args if isinstance(one, nodes.Const)]
    if len(texts) < (1 if name == "_" else 2):
        return None
    return Sentence(texts[0], texts[1] if name == "n" else None)


def of_scripts(folder: Path) -> Iterator[Found]:
    """Yield what scripts of pages say: `t("...")` and `n("...", "...", count)`."""
    for path in sorted(folder.rglob("*.js")):
        if "vendor" in path.parts or path.name == "words.js":
            continue
        source = COMMENT.sub("", path.read_text())
        for call in CALL.finditer(source):
            line = source.count("\n", 0, call.start()) + 1
            yield Found(path, line, _written(source, call))


def _written(source: str, call: re.Match[str]) -> Sentence | None:
    one = LITERAL.match(source, call.end())
    if one is None:
        return None
    if call["name"] == "t":
        return Sentence(_joined(one[0]))
    comma = re.compile(r"\s*,\s*").match(source, one.end())
    many = LITERAL.match(source, comma.end()) if comma else None
    return Sentence(_joined(one[0]), _joined(many[0])) if many else None


def _joined(literal: str) -> str:
    return "".join(json.loads(text) for text in re.findall(TEXT, literal))
