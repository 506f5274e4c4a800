"""Scripts beside templates call what exists. Those of islands are checked by TypeScript."""

import re
from pathlib import Path

import pytest

import simulator.web
import web
from api import reference

ROOTS = [Path(package.__path__[0]) for package in (web, simulator.web)]
FILES = sorted(
    (file for root in ROOTS for file in root.rglob("static/*.js")),
    key=str,
)
PAGES = reference.PAGE + "\n".join(
    file.read_text() for root in ROOTS for file in [*root.rglob("*.html"), *root.rglob("*.py")]
)
WORDS = {"if", "for", "while", "switch", "catch", "return", "function", "await", "typeof", "import"}
BROWSERS_OWN = {
    *("AudioContext", "DOMParser", "Date", "Event", "EventSource", "JSON", "Map", "Number"),
    *("Promise", "Set", "String", "URL", "URLSearchParams", "WeakMap", "clearTimeout"),
    *("encodeURIComponent", "fetch", "setInterval", "setTimeout"),
}


def code(file: Path) -> str:
    """Return a script without its comments and quoted words."""
    bare = re.sub(r"//.*|/\*[\s\S]*?\*/", "", file.read_text())
    return re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', bare)


def declared_in(script: str) -> set[str]:
    alone = re.findall(r"\b(?:function|const|let|class)\s+([\w$]+)", script)
    several = re.findall(r"\b(?:const|let|import)\s*[\[{]([^=}\]]*)[\]}]", script)
    callbacks = re.findall(r"\(([\w, ]*)\)\s*(?:=>|\{)|(?<![\w.])(\w+) =>", script)
    listed = re.findall(r"\w+", " ".join([*several, *(" ".join(each) for each in callbacks)]))
    return {*alone, *listed}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_script_calls_only_what_is_declared(file: Path) -> None:
    script = code(file)
    called = set(re.findall(r"(?<![\w.$#])([a-zA-Z_$][\w$]*)\(", script))
    assert called - declared_in(script) - WORDS - BROWSERS_OWN == set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_script_imports_what_another_exports(file: Path) -> None:
    for names, address in re.findall(r'import\s*\{([^}]*)\}\s*from\s*"([^"]*)"', file.read_text()):
        served = address.removeprefix("./")
        [other] = [file for root in ROOTS for file in root.rglob(f"static/{served}")]
        exported = set(re.findall(r"export (?:async )?(?:function|const) (\w+)", other.read_text()))
        assert set(re.findall(r"\w+", names)) <= exported, address


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_a_script_looks_for_is_on_a_page(file: Path) -> None:
    text = file.read_text()
    wanted = {*re.findall(r"\[(data-[\w-]+)", text), *re.findall(r'"#([\w-]+)[" ]', text)}
    made = {f"data-{name}" for name in re.findall(r"dataset\.(\w+) =", text)}
    assert {each for each in wanted - made if each not in PAGES} == set()
