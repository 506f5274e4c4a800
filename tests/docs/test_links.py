"""Every link inside the repository leads somewhere."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, links, name_of

DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
PARTS_OF_A_DECISION = ["Context", "Decision", "Consequences", "Alternatives", "References"]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_of_a_page_lead_to_files_and_headings_that_exist(page: Path) -> None:
    for link in links(page):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(target), link


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_its_parts_and_stands_in_the_list(page: Path) -> None:
    text = page.read_text()
    number = page.name[:4]
    assert text.startswith(f"# {number}: ")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == PARTS_OF_A_DECISION
    assert page.name in links(page.parent / "README.md")


def test_decisions_that_code_refers_to_exist() -> None:
    numbers = {page.name[:4] for page in DECISIONS}
    files = [file for file in ROOT.glob("*/**/*.py") if ".venv" not in file.parts]
    named = {number for file in files for number in re.findall(r"ADR (\d{4})", file.read_text())}
    assert named
    assert named <= numbers
