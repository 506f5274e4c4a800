"""Scripts repeat a few numbers of the rules, so that a page needs no server to count."""

import re
from datetime import timedelta
from pathlib import Path

import web
from domain.conversation.urgency import SOON
from domain.text.limits import OUTGOING
from domain.text.segments import CAPACITY

SCRIPTS = Path(web.__file__).parent / "static"


def number(script: str, pattern: str) -> int:
    found = re.search(pattern, (SCRIPTS / script).read_text())
    assert found, f"{script} has no {pattern}"
    return int(found[1])


def test_a_conversation_is_due_soon_on_the_page_when_the_rules_say_so() -> None:
    marks = "../workspace/static/workspace/marks.js"
    assert timedelta(milliseconds=number(marks, r"SOON_MS = (\d+)")) == SOON


def test_a_text_is_counted_on_the_page_as_it_is_sent() -> None:
    assert number("island/segments.js", r"LONGEST = (\d+)") == OUTGOING
    for encoding, of in CAPACITY.items():
        sizes = f'"{encoding.value}": {{ alone: {of.alone}, joined: {of.joined} }}'
        assert sizes in (SCRIPTS / "island/segments.js").read_text()
