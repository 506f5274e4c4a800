"""Segments as the sender counts them: the same vectors test the page's script."""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.text.limits import units
from domain.text.segments import segments

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "payloads" / "segments.json").read_text()
)


@pytest.mark.parametrize("vector", VECTORS)
def test_the_sender_counts_like_the_vectors(vector: dict[str, Any]) -> None:
    counted = segments(vector["text"], smart=vector.get("smart", False))
    assert counted.count == vector["count"]
    assert counted.encoding == vector["encoding"]
    assert counted.units == vector["units"]
    assert counted.forced_by == vector["forced_by"]
    assert units(vector["text"]) == vector["characters"]
