"""docs/security.md names for each threat the tests that hold its defence, and they exist."""

import re

import pytest

from tests.docs.pages import ROOT, rows, section

PAGE = ROOT / "docs" / "security.md"
PROOF = re.compile(r"\[(test_\w+)\]\(\.\./([\w/]+\.py)\)")
ACTORS = re.findall(r"^### (.+)$", PAGE.read_text(), re.MULTILINE)


@pytest.mark.parametrize("actor", ACTORS)
def test_each_threat_has_a_defence_and_a_test_that_exists(actor: str) -> None:
    told = rows(section(PAGE, f"### {actor}"))
    assert told
    for threat, defence, held_by in told:
        assert defence, threat
        proofs = PROOF.findall(held_by)
        assert proofs, threat
        assert len(proofs) == held_by.count("]("), threat
        for name, file in proofs:
            code = (ROOT / file).read_text()
            assert re.search(rf"^(async )?def {name}\(", code, re.MULTILINE), f"{file}::{name}"


def test_everybody_who_may_attack_is_looked_at() -> None:
    assert len(ACTORS) == 4
