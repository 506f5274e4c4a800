"""The page's types are those of what the server sends."""

from tests.scripts.wire_types import FILE, written


def test_the_pages_types_are_those_of_the_wire() -> None:
    assert FILE.read_text() == written(), "run python -m tests.scripts.wire_types"
