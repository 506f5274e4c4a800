"""The documents as tests read them: pages, links, shell blocks, tables."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
    ]
)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; `line` is where it begins, from 1."""

    page: Path
    line: int
    text: str


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return FENCE.sub("", page.read_text())


def links(page: Path) -> list[str]:
    return LINK.findall(prose(page))


def blocks(*languages: str) -> Iterator[Block]:
    """Yield the fenced blocks of all pages in some languages."""
    for page in PAGES:
        text = page.read_text()
        for found in FENCE.finditer(text):
            if found[2] in languages:
                line = text.count("\n", 0, found.start()) + 1
                yield Block(page, line, textwrap.dedent(found[3]))


def anchors(page: Path) -> set[str]:
    """Return what a link may point to behind `#`, as GitHub makes it from headings."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def rows(text: str) -> list[list[str]]:
    """Return the cells of every table row in a text, without headings and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    rules = [place for place, row in enumerate(cells) if set(row[0]) <= set("-: ")]
    left_out = {place for rule in rules for place in (rule - 1, rule)}
    return [row for place, row in enumerate(cells) if place not in left_out]


def section(page: Path, heading: str) -> str:
    """Return the text under a heading, up to the next of its level or a higher one."""
    level = heading.split(" ", 1)[0]
    after = page.read_text().split(f"\n{heading}\n", 1)[1]
    return re.split(rf"^#{{1,{len(level)}}} ", after, maxsplit=1, flags=re.MULTILINE)[0]
